package io.github.mirrorservice.mirror.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedInput;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Cuts large bodies into pieces where they pass through this process before they leave it, as TLS and HTTP/2 need it: the next
 * piece is made when the client has taken one, so a slow reader costs two of them and not a body.
 */
final class Pieces extends ChannelOutboundHandlerAdapter {

    private final int piece;

    /** Makes pieces of so many bytes. */
    Pieces(int piece) {
        this.piece = piece;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // whoever made the promise hears of it
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof FileRegion region) {
            context.write(new Region(region, piece), promise);
        } else if (message instanceof FullHttpResponse whole && whole.content().readableBytes() > piece) {
            write(context, new DefaultHttpResponse(whole.protocolVersion(), whole.status(), whole.headers()));
            write(context, new Bytes(whole.content(), piece));
            context.write(LastHttpContent.EMPTY_LAST_CONTENT, promise);
        } else {
            context.write(message, promise);
        }
    }

    private static void write(ChannelHandlerContext context, Object message) {
        context.write(message).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    /** A body that is read piece by piece. */
    private abstract static class Body implements ChunkedInput<HttpContent> {

        private final ReferenceCounted source;
        private final long length;
        private final int piece;
        private long progress;
        private boolean closed;

        Body(ReferenceCounted source, long length, int piece) {
            this.source = source;
            this.length = length;
            this.piece = piece;
        }

        abstract ByteBuf next(ByteBufAllocator allocator, long position, int count) throws IOException;

        @Override
        public HttpContent readChunk(ByteBufAllocator allocator) throws IOException {
            ByteBuf bytes = next(allocator, progress, (int) Math.min(piece, length - progress));
            progress += bytes.readableBytes();
            return new DefaultHttpContent(bytes);
        }

        @Override
        @Deprecated
        @SuppressWarnings("InlineMeSuggester") // the interface asks for it
        public HttpContent readChunk(ChannelHandlerContext context) throws IOException {
            return readChunk(context.alloc());
        }

        @Override
        public boolean isEndOfInput() {
            return progress == length;
        }

        /** Called once more where a client left while a piece was on its way. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                source.release();
            }
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public long progress() {
            return progress;
        }
    }

    /** Bytes in memory, of which the pieces are views. */
    private static final class Bytes extends Body {

        private final ByteBuf bytes;

        Bytes(ByteBuf bytes, int piece) {
            super(bytes, bytes.readableBytes(), piece);
            this.bytes = bytes;
        }

        @Override
        ByteBuf next(ByteBufAllocator allocator, long position, int count) {
            return bytes.readRetainedSlice(count);
        }
    }

    /** Bytes of a file, which are read from the page cache as the kernel would read them for sendfile. */
    private static final class Region extends Body {

        private final FileRegion region;

        Region(FileRegion region, int piece) {
            super(region, region.count(), piece);
            this.region = region;
        }

        @Override
        ByteBuf next(ByteBufAllocator allocator, long position, int count) throws IOException {
            ByteBuf piece = allocator.ioBuffer(count, count);
            try {
                read(piece, position, count);
                return piece.retain();
            } finally {
                piece.release();
            }
        }

        private void read(ByteBuf piece, long position, int count) throws IOException {
            Room room = new Room(piece);
            while (piece.readableBytes() < count) {
                if (region.transferTo(room, position + piece.readableBytes()) <= 0) {
                    throw new IOException("a file became shorter while it was sent");
                }
            }
        }
    }

    /** What is left of a buffer, as a channel takes it. */
    private record Room(ByteBuf buffer) implements WritableByteChannel {

        @Override
        public int write(ByteBuffer source) {
            int count = Math.min(source.remaining(), buffer.writableBytes());
            buffer.writeBytes(source.slice().limit(count));
            source.position(source.position() + count);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // A buffer is not closed.
        }
    }
}
