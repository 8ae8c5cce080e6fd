package io.github.mirrorservice.mirror.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An answer's headers as they are during one second, and their bytes once somebody needed them. */
final class Dated {

    private static final int FIRST_CAPACITY = 8 * 1024;

    private final long second;
    private final HttpHeaders headers;
    private volatile @Nullable ByteBuf bytes;

    private Dated(long second, HttpHeaders headers) {
        this.second = second;
        this.headers = headers;
    }

    /** These headers with the present Date. */
    static Dated of(HttpHeaders headers) {
        return new Dated(Dates.second(), headers.copy().set(HeaderNames.DATE, Dates.now()));
    }

    boolean isPresent() {
        return second == Dates.second();
    }

    HttpHeaders headers() {
        return headers;
    }

    /** The bytes, as they were written when they were asked for first; the buffer is the caller's, its memory is not. */
    ByteBuf bytes(Consumer<ByteBuf> write) {
        ByteBuf known = bytes;
        if (known == null) {
            ByteBuf head = Unpooled.buffer(FIRST_CAPACITY);
            write.accept(head);
            ByteBuffer shared = ByteBuffer.allocateDirect(head.readableBytes());
            head.readBytes(shared);
            known = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(shared.flip()));
            bytes = known;
        }
        return known.duplicate();
    }
}
