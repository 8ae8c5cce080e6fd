package io.github.mirrorservice.mirror.archive;

import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of a file that does not change. It is opened by whoever reads it, when that begins. */
record FileContent(Path file) implements LocalContent {

    private static final int PIECE = 64 * 1024;

    @Override
    public FileRegion part(long first, long count) {
        return new DefaultFileRegion(file.toFile(), first, count);
    }

    @Override
    public void copyTo(Sink target) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            copy(channel, target);
        }
    }

    /** Copies from the start on, whatever the channel's position. */
    static void copy(FileChannel channel, Sink target) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        long position = 0;
        while (channel.read(piece, position) > 0) {
            position += piece.position();
            target.write(piece.flip());
            piece.clear();
        }
    }
}
