package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.git.BlobId;
import io.github.mirrorservice.mirror.opam.format.Diagnostic;
import io.github.mirrorservice.mirror.opam.format.OpamFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * One file of the index. A file that did not change is the same object in the next tree, so that identity tells what can
 * be reused; there is no other equality.
 */
final class Entry {

    /** One directory in so many starts a segment: at some 2 KiB a package version, about 64 KiB a segment. */
    private static final int DIRECTORIES_PER_SEGMENT = 32;

    private static final int UNREAD = -1;

    /** A larger opam file is served but not read: parsing it would hold a shared thread for long. */
    private static final int LARGEST_OPAM_FILE = 64 * 1024;

    private static final OpamFile NO_OPAM_FILE = new OpamFile(List.of(), List.of());

    private final String path;
    private final BlobId blob;
    private final Optional<String> packageName;
    private final int tarBytes;
    private final OpamFile opamFile;
    private final boolean boundary;

    private Entry(
            String path, BlobId blob, Optional<String> packageName, int tarBytes, OpamFile opamFile, boolean boundary) {
        this.path = path;
        this.blob = blob;
        this.packageName = packageName;
        this.tarBytes = tarBytes;
        this.opamFile = opamFile;
        this.boundary = boundary;
    }

    /** A file of which only the name of its content is known. */
    static Entry unread(String path, BlobId blob) {
        CRC32 crc = new CRC32();
        crc.update(directory(path).getBytes(StandardCharsets.UTF_8));
        return new Entry(
                path, blob, packageName(path), UNREAD, NO_OPAM_FILE, crc.getValue() % DIRECTORIES_PER_SEGMENT == 0);
    }

    /** The same file, now that its content is known. */
    Entry read(byte[] bytes) {
        OpamFile says = packageName.isPresent() ? opamFile(path, bytes) : NO_OPAM_FILE;
        return new Entry(path, blob, packageName, Tar.length(path, bytes.length), says, boundary);
    }

    /** What an opam file says, unless it is too large to be read. */
    static OpamFile opamFile(String path, byte[] bytes) {
        return bytes.length <= LARGEST_OPAM_FILE
                ? OpamFile.read(path, bytes)
                : new OpamFile(List.of(), List.of(new Diagnostic(path, 1, 1, "larger than 64 KiB: not read")));
    }

    boolean isRead() {
        return tarBytes != UNREAD;
    }

    /** The path from the root of the tree. */
    String path() {
        return path;
    }

    BlobId blob() {
        return blob;
    }

    OpamFile opamFile() {
        return opamFile;
    }

    /** How many bytes of the tar it takes; only once it is read. */
    int tarBytes() {
        return tarBytes;
    }

    /** The {@code NAME}, if this is the {@code opam} file in a directory {@code NAME.VERSION}. */
    Optional<String> packageName() {
        return packageName;
    }

    /**
     * Whether a segment starts with this file. The name of the directory alone decides, so that a change moves no other
     * boundary.
     */
    boolean startsSegmentAfter(Entry previous) {
        return boundary && !directory(path).equals(directory(previous.path));
    }

    /** The {@code NAME} of a path {@code …/NAME.VERSION/opam}. */
    static Optional<String> packageName(String path) {
        if (!path.endsWith("/opam")) {
            return Optional.empty();
        }
        int end = path.lastIndexOf('/');
        int start = path.lastIndexOf('/', end - 1) + 1;
        int dot = path.indexOf('.', start);
        return dot > start && dot < end ? Optional.of(path.substring(start, dot)) : Optional.empty();
    }

    private static String directory(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
