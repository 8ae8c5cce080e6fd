package io.github.mirrorservice.mirror.archive;

import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The archives that were asked for last, their files open, so that they are found without a look at the file system. Each is
 * looked up anew after a while: what was taken away by hand is gone soon.
 */
final class RecentFiles {

    private final int most;
    private final long freshNanos;
    private final Map<Digest, Recent> byDigest = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Has none open yet.
     *
     * @param most how many stay open at once
     * @param fresh how long one is taken for what is in the file system
     */
    RecentFiles(int most, Duration fresh) {
        this.most = most;
        this.freshNanos = fresh.toNanos();
    }

    /** The archive with this digest, if it is one of them. */
    synchronized Optional<Archive> get(Digest digest) {
        Recent recent = byDigest.get(digest);
        return recent == null || isStale(recent) ? Optional.empty() : Optional.of(recent.archive);
    }

    /**
     * Opens an archive's file; to be called where blocking is allowed.
     *
     * @param digest what it was found by
     * @throws NoSuchFileException if it is gone, even if it went meanwhile: whoever takes it away closes it afterwards
     */
    Archive open(Digest digest, Archive found, Path file) throws IOException {
        OpenFile open = new OpenFile(FileChannel.open(file, StandardOpenOption.READ));
        Archive archive = new Archive(found.sha256(), found.length(), new OpenOrNamed(open, new FileContent(file)));
        keep(digest, new Recent(archive, open, System.nanoTime()));
        if (Files.notExists(file)) {
            close(found.sha256());
            throw new NoSuchFileException(file.toString());
        }
        return archive;
    }

    private synchronized void keep(Digest digest, Recent recent) {
        closeIf(this::isStale);
        Recent before = byDigest.put(digest, recent);
        if (before != null) {
            before.open.release();
        }
        Iterator<Recent> eldest = byDigest.values().iterator();
        if (byDigest.size() > most) {
            eldest.next().open.release();
            eldest.remove();
        }
    }

    /** Forgets an archive that was taken away, whatever it was found by. */
    synchronized void close(Digest sha256) {
        closeIf(recent -> recent.archive.sha256().equals(sha256));
    }

    private void closeIf(Predicate<Recent> unwanted) {
        List<Recent> closed = byDigest.values().stream().filter(unwanted).toList();
        byDigest.values().removeAll(closed);
        closed.forEach(recent -> recent.open.release());
    }

    private boolean isStale(Recent recent) {
        return System.nanoTime() - recent.since > freshNanos;
    }

    private record Recent(Archive archive, OpenFile open, long since) {}

    /** Bytes that are read from an open file, or by name if it was closed meanwhile. */
    private record OpenOrNamed(OpenFile open, LocalContent named) implements LocalContent {

        @Override
        public ReferenceCounted part(long first, long count) {
            try {
                return open.part(first, count);
            } catch (IllegalReferenceCountException closed) {
                return named.part(first, count);
            }
        }

        @Override
        public void copyTo(Sink target) throws IOException {
            named.copyTo(target);
        }
    }
}
