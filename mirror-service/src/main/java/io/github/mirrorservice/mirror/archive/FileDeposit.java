package io.github.mirrorservice.mirror.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** A deposit in a file of its own beside the store. */
final class FileDeposit implements Deposit {

    /** How a finished file gets its place in the store. */
    interface Shelving {
        Archive shelve(Path file, Digests digests, long length) throws IOException;
    }

    private final Path file;
    private final GrowingFile content;
    private final Shelving shelving;
    private final Hasher hasher = new Hasher();
    private volatile long length;

    private FileDeposit(Path file, GrowingFile content, Shelving shelving) {
        this.file = file;
        this.content = content;
        this.shelving = shelving;
    }

    /** A deposit in a new file. */
    static FileDeposit create(Path file, Shelving shelving) throws IOException {
        return new FileDeposit(file, GrowingFile.create(file), shelving);
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
        long next = length + bytes.remaining();
        hasher.write(bytes.duplicate());
        content.append(bytes);
        length = next;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public LocalContent content() {
        return content;
    }

    @Override
    public Digests digests() {
        return hasher.digests();
    }

    @Override
    public Archive keep() throws IOException {
        content.force();
        return shelving.shelve(file, digests(), length);
    }

    @Override
    public void close() throws IOException {
        content.release();
        Files.deleteIfExists(file);
    }
}
