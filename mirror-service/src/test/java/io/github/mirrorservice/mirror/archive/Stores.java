package io.github.mirrorservice.mirror.archive;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.FileRegion;
import io.netty.util.ReferenceCounted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/** What tests do with stores. */
public final class Stores {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private Stores() {}

    /** A store in this directory. */
    public static FileArchives onDisk(Path directory) {
        FileArchives store = new FileArchives(directory, Schedulers.boundedElastic());
        store.prepare().block(PATIENCE);
        return store;
    }

    /** Puts bytes into a store. */
    public static Archive keep(ArchiveStore store, byte[] bytes) throws IOException {
        try (Deposit deposit = deposit(store, bytes)) {
            return deposit.keep();
        }
    }

    /** What a store has by this digest. */
    public static @Nullable Archive find(ArchiveStore store, Digest digest) {
        return store.find(digest).block(PATIENCE);
    }

    static List<Archive> all(ArchiveStore store) {
        return Objects.requireNonNull(store.all().collectList().block(PATIENCE));
    }

    static Deposit deposit(ArchiveStore store, byte[] bytes) throws IOException {
        Deposit deposit = Objects.requireNonNull(store.deposit().block(PATIENCE));
        try {
            append(deposit, bytes);
            return deposit;
        } catch (IOException refused) {
            deposit.close();
            throw refused;
        }
    }

    /** In pieces of an odd size, as a network brings them. */
    static void append(Deposit deposit, byte[] bytes) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        while (all.hasRemaining()) {
            int piece = Math.min(all.remaining(), 7_001);
            deposit.append(all.slice(all.position(), piece));
            all.position(all.position() + piece);
        }
    }

    /** All bytes of a content. */
    public static byte[] bytes(Content content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.copyTo(Channels.newChannel(out)::write);
        return out.toByteArray();
    }

    static byte[] part(Content content, long first, long count) {
        List<byte[]> parts = Objects.requireNonNull(content.parts(first, count)
                .map(part -> new Part(part.open().orElseThrow()).read())
                .collectList()
                .block(PATIENCE));
        return Unpooled.wrappedBuffer(parts.toArray(byte[][]::new)).copy().array();
    }

    static Part take(LocalContent content, long first, long count) {
        return new Part(content.part(first, count));
    }

    /** A part as it is handed to a connection. */
    record Part(ReferenceCounted message) {

        byte[] read() {
            try {
                return message instanceof FileRegion region ? read(region) : ByteBufUtil.getBytes((ByteBuf) message);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            } finally {
                message.release();
            }
        }

        private static byte[] read(FileRegion region) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            while (region.transferred() < region.count()) {
                region.transferTo(Channels.newChannel(out), region.transferred());
            }
            return out.toByteArray();
        }
    }
}
