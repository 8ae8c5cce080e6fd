package io.github.mirrorservice.mirror.opam;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The published snapshot on disk: one file, so that one rename replaces it as a whole. It is written beside the old one,
 * forced to the disk, renamed over it, and the rename is forced too: after a power cut it is the old one or the new one.
 *
 * <p>The file starts with a {@link SnapshotHeader}, then come the {@code repo} file and the index.
 */
public final class SnapshotFile {

    private static final int LARGEST_HEADER = 64 * 1024;

    private final Path file;
    private final Path temporary;
    private final Cooperation cooperation;
    private final Scheduler blocking;
    /** The latest save, under way or done; what it keeps in memory is what is served anyway. */
    private volatile Mono<Snapshot> latest = Mono.empty();

    /**
     * Does no work yet.
     *
     * @param directory an existing directory; the file in it is called {@code snapshot}
     * @param cooperation the lane on which what a restored index names is found out
     * @param blocking where the file system is called
     */
    public SnapshotFile(Path directory, Cooperation cooperation, Scheduler blocking) {
        this.file = directory.resolve("snapshot");
        this.temporary = directory.resolve("snapshot.tmp");
        this.cooperation = cooperation;
        this.blocking = blocking;
    }

    /**
     * Emits the snapshot once it is safe on disk. Work starts at subscription, behind a save that is still under way; one
     * subscription at a time. A cancellation is too late for what has begun: see {@link #settled}.
     * Fails with {@link OpamException.Disk} if it cannot be written: the old snapshot is then still there.
     */
    public Mono<Snapshot> save(Snapshot snapshot) {
        return settled().then(Mono.defer(() -> begin(snapshot))).checkpoint("save the snapshot");
    }

    /** Completes when no save is under way, however the last one ended. */
    public Mono<Void> settled() {
        return Mono.defer(() -> latest.onErrorComplete().then());
    }

    /** To break it off would lose work that is almost done; the cache goes on when nobody waits for it any more. */
    private Mono<Snapshot> begin(Snapshot snapshot) {
        latest = Mono.using(this::oldKept, old -> Mono.fromCallable(() -> write(snapshot)), false)
                .subscribeOn(blocking)
                .onErrorMap(IOException.class, this::notSaved)
                .cache();
        return latest;
    }

    /**
     * Emits the saved snapshot if there is one. Fails with {@link OpamException.Disk} if it is damaged.
     */
    public Mono<Snapshot> restore() {
        return Mono.fromCallable(this::read)
                .subscribeOn(blocking)
                .onErrorMap(Exception.class, this::notRestored)
                .checkpoint("restore the snapshot");
    }

    /**
     * The file that is to be replaced, held open: the file system takes milliseconds to free its blocks, and does so when it
     * is closed, after the new snapshot was handed on.
     */
    private AutoCloseable oldKept() throws IOException {
        try {
            return FileChannel.open(file, READ);
        } catch (IOException noneOrUnreadable) {
            return () -> {};
        }
    }

    /** Saves it at once; to be called where blocking is allowed, by one at a time, and not beside {@link #save}. */
    Snapshot write(Snapshot snapshot) throws IOException {
        try {
            replaceBy(snapshot);
            return snapshot;
        } catch (IOException | VirtualMachineError failed) {
            // On a full disk it would hold the very space that is missing.
            Files.deleteIfExists(temporary);
            // Reactor would not pass an OutOfMemoryError on, and the next save would wait for this one for ever.
            throw failed instanceof IOException io ? io : new IOException(failed);
        }
    }

    private void replaceBy(Snapshot snapshot) throws IOException {
        try (FileChannel channel = FileChannel.open(temporary, CREATE, TRUNCATE_EXISTING, WRITE)) {
            writeFully(channel, ByteBuffer.wrap(SnapshotHeader.text(snapshot).getBytes(UTF_8)));
            writeFully(channel, snapshot.repo());
            writeFully(channel, snapshot.index());
            channel.force(true);
        }
        Files.move(temporary, file, ATOMIC_MOVE);
        forceName();
    }

    private void forceName() throws IOException {
        try (FileChannel directory = FileChannel.open(file.getParent(), READ)) {
            directory.force(true);
        }
    }

    private static void writeFully(FileChannel channel, Body body) throws IOException {
        for (ByteBuffer part : body.parts()) {
            writeFully(channel, part.duplicate());
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The snapshot, or null if none was saved: an empty {@code Mono}. */
    private @Nullable Snapshot read() throws IOException {
        try (FileChannel channel = FileChannel.open(file, READ)) {
            SnapshotHeader header = SnapshotHeader.parse(readHeader(channel));
            Body repo = readBody(channel, header, "repo");
            Body index = readBody(channel, header, "index");
            settle();
            return header.snapshot(repo, index, IndexReader.names(index, cooperation));
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    /** The process that saved it may have been killed before it had forced the rename, and what is served must not go back. */
    private void settle() {
        try {
            forceName();
        } catch (IOException brokenDisk) {
            // It can be read, so it is served.
        }
    }

    /** Reads up to the blank line that ends the header, and leaves the channel behind it. */
    private static String readHeader(FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(LARGEST_HEADER);
        readFully(channel, start);
        String text = new String(start.array(), 0, start.position(), ISO_8859_1);
        int end = text.indexOf("\n\n");
        if (end < 0) {
            throw new IOException("no header");
        }
        channel.position(end + 2L);
        return new String(start.array(), 0, end, UTF_8);
    }

    /** Reads a body and checks it: for its CRC-32 a JVM that has just started takes a hundredth of the time of its SHA-256. */
    private static Body readBody(FileChannel channel, SnapshotHeader header, String name) throws IOException {
        int length = header.number(name + "-bytes");
        if (length < 0 || length > channel.size() - channel.position()) {
            throw new EOFException("shorter than its header says");
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect(length);
        readFully(channel, bytes);
        Body body = new Body(List.of(bytes.flip().asReadOnlyBuffer()), length, header.text(name + "-sha256"));
        if (!SnapshotHeader.crc(body.parts()).equals(header.text(name + "-crc32"))) {
            throw new IOException("the checksum of its " + name + " is wrong");
        }
        return body;
    }

    private static void readFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            // a read may bring less than there is room for
        }
    }

    OpamException.Disk notSaved(IOException cause) {
        return Files.isDirectory(file)
                ? noPlace(cause)
                : new OpamException.Disk(
                        "cannot write " + temporary + ": " + reason(cause)
                                + "; free some space or mend the permissions",
                        cause);
    }

    private OpamException.Disk notRestored(Exception cause) {
        return Files.isDirectory(file)
                ? noPlace(cause)
                : new OpamException.Disk(
                        file + " is damaged (" + reason(cause) + ") and is not served; the next ingest replaces it",
                        cause);
    }

    private OpamException.Disk noPlace(Exception cause) {
        return new OpamException.Disk(
                file + " is a directory, where the file of the snapshot goes: move it away or delete it", cause);
    }

    private static String reason(Exception cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
