package io.github.mirrorservice.mirror.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is being written while it is read: its writer is one of those for whom it is open. */
final class GrowingFile extends OpenFile {

    private GrowingFile(FileChannel channel) {
        super(channel);
    }

    /** A new, empty file. */
    static GrowingFile create(Path file) throws IOException {
        return new GrowingFile(FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ));
    }

    void append(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel().write(bytes);
        }
    }

    void force() throws IOException {
        channel().force(false);
    }
}
