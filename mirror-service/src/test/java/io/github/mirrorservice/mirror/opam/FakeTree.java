package io.github.mirrorservice.mirror.opam;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.mirrorservice.mirror.git.Blob;
import io.github.mirrorservice.mirror.git.BlobId;
import io.github.mirrorservice.mirror.git.BlobReader;
import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.git.TreeChange;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;

/** A Git tree in a hash table: it answers at once, on the thread that asks, and never yields. */
final class FakeTree implements BlobReader {

    private final Map<BlobId, byte[]> blobs = new HashMap<>();
    private final TreeMap<String, BlobId> files = new TreeMap<>();
    private final AtomicInteger reads = new AtomicInteger();

    static String opamFile(String text) {
        return "opam-version: \"2.0\"\nsynopsis: \"" + text + "\"\n";
    }

    FakeTree put(String path, String content) {
        return put(path, content.getBytes(UTF_8));
    }

    FakeTree put(String path, byte[] content) {
        BlobId id = new BlobId(sha1(content));
        blobs.put(id, content);
        files.put(path, id);
        return this;
    }

    FakeTree putPackage(String nameAndVersion, String synopsis) {
        String name = nameAndVersion.substring(0, nameAndVersion.indexOf('.'));
        return put("packages/" + name + "/" + nameAndVersion + "/opam", opamFile(synopsis));
    }

    FakeTree remove(String path) {
        files.remove(path);
        return this;
    }

    /** The files as they are now: path and content. */
    Map<String, byte[]> contents() {
        Map<String, byte[]> contents = new TreeMap<>();
        files.forEach((path, id) -> contents.put(path, Objects.requireNonNull(blobs.get(id))));
        return contents;
    }

    Map<String, BlobId> files() {
        return new TreeMap<>(files);
    }

    /** A commit whose name depends on the files. */
    Commit commit() {
        return new Commit(new CommitId(sha1(files.toString().getBytes(UTF_8))), Instant.ofEpochSecond(1_700_000_000));
    }

    Flux<TreeChange> listing() {
        return changesSince(Map.of());
    }

    Flux<TreeChange> changesSince(Map<String, BlobId> before) {
        Set<String> paths = new TreeSet<>(before.keySet());
        paths.addAll(files.keySet());
        List<TreeChange> changes = new ArrayList<>();
        for (String path : paths) {
            BlobId now = files.get(path);
            if (now == null) {
                changes.add(new TreeChange.Removed(path));
            } else if (!now.equals(before.get(path))) {
                changes.add(new TreeChange.Put(path, now));
            }
        }
        return Flux.fromIterable(changes);
    }

    @Override
    public Flux<Blob> read(Flux<BlobId> ids) {
        return ids.map(id -> {
            reads.incrementAndGet();
            return new Blob(id, Objects.requireNonNull(blobs.get(id)));
        });
    }

    /** How many blobs were read so far. */
    int reads() {
        return reads.get();
    }

    private static String sha1(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
