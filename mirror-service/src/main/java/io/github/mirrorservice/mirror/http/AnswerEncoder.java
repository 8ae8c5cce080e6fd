package io.github.mirrorservice.mirror.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Answers as bytes of HTTP/1.1: those that are {@linkplain Ready ready} once for all requests that are given them. */
final class AnswerEncoder extends HttpResponseEncoder {

    /** Up to here a body is kept behind its head: one piece of memory is written faster than two. */
    private static final int SMALL = 16 * 1024;

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // whoever made the promise hears of it
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (!(message instanceof Ready ready)) {
            super.write(context, message, promise);
        } else if (isSmall(ready)) {
            context.write(ready.dated().bytes(bytes -> writeAll(ready, bytes)), promise);
        } else {
            context.write(ready.dated().bytes(bytes -> writeHead(ready, bytes)))
                    .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            context.write(ready.content(), promise);
        }
    }

    private static boolean isSmall(Ready ready) {
        return ready.content().readableBytes() <= SMALL;
    }

    private void writeAll(Ready ready, ByteBuf bytes) {
        writeHead(ready, bytes);
        bytes.writeBytes(ready.content().duplicate());
    }

    private void writeHead(Ready ready, ByteBuf bytes) {
        bytes.writeCharSequence(ready.protocolVersion() + " " + ready.status() + "\r\n", US_ASCII);
        encodeHeaders(ready.headers(), bytes);
        bytes.writeCharSequence("\r\n", US_ASCII);
    }
}
