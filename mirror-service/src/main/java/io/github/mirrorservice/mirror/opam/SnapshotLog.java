package io.github.mirrorservice.mirror.opam;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.mirrorservice.mirror.objects.ObjectStore;
import io.github.mirrorservice.mirror.objects.ObjectStore.Fetched;
import io.github.mirrorservice.mirror.objects.ObjectStore.Listed;
import io.github.mirrorservice.mirror.objects.ObjectStoreException;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Publications in an object store, numbered from 1 on: {@code snapshots/NUMBER} is created once and never changed or deleted. It
 * is a {@link SnapshotHeader} and the name of the replica that wrote it; the {@code repo} file and the index are the objects
 * {@code objects/NUMBER/SHA-256}, which were there before. Only the newest publications keep theirs.
 *
 * <p>All calls block, and fail with {@link ObjectStoreException}.
 */
public final class SnapshotLog {

    private static final String ENTRIES = "snapshots/";
    private static final String OBJECTS = "objects/";
    private static final String NUMBER = "%020d";
    private static final Pattern ENTRY = Pattern.compile("snapshots/00(\\d{18})");
    private static final Pattern OBJECT = Pattern.compile("objects/00(\\d{18})/[0-9a-f]{64}");
    private static final int LARGEST_ENTRY = 64 * 1024;
    private static final int LARGEST_BODY = 256 * 1024 * 1024;

    /** Whoever is further behind goes on with the newest. */
    static final int KEPT = 32;

    private static final int TRIES = 3;

    private final ObjectStore objects;
    private final String replica;
    private final Cooperation cooperation;

    /**
     * Does no work yet.
     *
     * @param objects where the publications are
     * @param replica a name that no other process has, nor an earlier run of this one
     * @param cooperation the lane on which what an index names is found out
     */
    public SnapshotLog(ObjectStore objects, String replica, Cooperation cooperation) {
        this.objects = objects;
        this.replica = replica;
        this.cooperation = cooperation;
    }

    /** The number of the newest entry, {@code known} or a later one. Fails if that one is not there any more. */
    long newest(long known) throws IOException {
        if (known > 0 && objects.find(entry(known + 1)).isEmpty()) {
            requireThere(known);
            return known;
        }
        List<Long> later = after(known);
        return later.isEmpty() ? known : later.get(later.size() - 1);
    }

    /** The numbers of all entries, in order. */
    List<Long> numbers() throws IOException {
        return after(0);
    }

    private List<Long> after(long known) throws IOException {
        List<Long> numbers = new ArrayList<>();
        List<Listed> page = objects.list(ENTRIES, entry(known));
        while (!page.isEmpty()) {
            page.stream()
                    .map(object -> number(ENTRY, object))
                    .filter(number -> number > known)
                    .forEach(numbers::add);
            page = objects.list(ENTRIES, page.get(page.size() - 1).key());
        }
        return numbers;
    }

    /**
     * Adds an entry, after its objects; false if another one of this number is there. Fails if the one before is not: then
     * entries were lost, and others may go on from another number.
     */
    boolean add(long number, Snapshot snapshot) throws IOException {
        if (number > 1) {
            requireThere(number - 1);
        }
        for (Body body : List.of(snapshot.repo(), snapshot.index())) {
            objects.create(object(number, body.sha256()), bytes(body));
        }
        boolean added = create(number, snapshot);
        if (added) {
            prune(number);
        }
        return added;
    }

    private void requireThere(long number) throws IOException {
        if (objects.find(entry(number)).isEmpty()) {
            throw new ObjectStoreException(objects + " has lost " + entry(number)
                    + ": restore it, or restart all replicas to go on from what is left");
        }
    }

    /** An answer that did not come says nothing of what was written: the entry itself says whose it is. */
    private boolean create(long number, Snapshot snapshot) throws IOException {
        String text = SnapshotHeader.text(snapshot) + "replica: " + replica + "\n";
        ObjectStoreException last = new ObjectStoreException("never asked");
        for (int tries = 0; tries < TRIES; tries++) {
            try {
                return objects.create(entry(number), text.getBytes(UTF_8))
                        || text(number).equals(text);
            } catch (ObjectStoreException unanswered) {
                last = unanswered;
            }
        }
        throw last;
    }

    private String text(long number) throws IOException {
        Fetched entry = objects.get(entry(number), LARGEST_ENTRY)
                .orElseThrow(() -> new ObjectStoreException(objects + " has lost " + entry(number)));
        return UTF_8.decode(entry.content()).toString();
    }

    /** The publication of this number, verified. */
    Snapshot read(long number) throws IOException {
        try {
            SnapshotHeader header = SnapshotHeader.parse(text(number).split("\n\n", 2)[0]);
            Body repo = body(number, header, "repo");
            Body index = body(number, header, "index");
            return header.snapshot(repo, index, IndexReader.names(index, cooperation));
        } catch (RuntimeException unreadable) {
            throw new ObjectStoreException(
                    objects + " has something else under " + entry(number) + " (" + unreadable.getMessage() + ")",
                    unreadable);
        }
    }

    private Body body(long number, SnapshotHeader header, String name) throws IOException {
        String sha256 = header.text(name + "-sha256");
        String key = object(number, sha256);
        ByteBuffer content = objects.get(key, Math.min(header.number(name + "-bytes"), LARGEST_BODY))
                .orElseThrow(() -> new ObjectStoreException(objects + " has lost " + key))
                .content();
        ByteBuffer direct =
                ByteBuffer.allocateDirect(content.remaining()).put(content).flip();
        Body body = new Body(List.of(direct.asReadOnlyBuffer()), direct.limit(), sha256);
        if (!body.isSound()) {
            throw new ObjectStoreException(objects + " has other bytes under " + key + " than its name says");
        }
        return body;
    }

    /** What is left of the older ones, also by a prune that was broken off. The entry of this number is safe: it need not succeed. */
    private void prune(long number) {
        try {
            for (Listed object : objects.list(OBJECTS, "")) {
                long old = number(OBJECT, object);
                if (old > 0 && old <= number - KEPT) {
                    objects.delete(object.key());
                }
            }
        } catch (IOException away) {
            // The next publication does it.
        }
    }

    private static byte[] bytes(Body body) {
        ByteBuffer bytes = ByteBuffer.allocate(body.length());
        body.parts().forEach(part -> bytes.put(part.duplicate()));
        return bytes.array();
    }

    /** The number in a key of this form; 0 for what is none, as some stores list while it is being written. */
    private static long number(Pattern form, Listed object) {
        Matcher key = form.matcher(object.key());
        return key.matches() ? Long.parseLong(key.group(1)) : 0;
    }

    private static String entry(long number) {
        return ENTRIES + NUMBER.formatted(number);
    }

    private static String object(long number, String sha256) {
        return OBJECTS + NUMBER.formatted(number) + '/' + sha256;
    }
}
