package io.github.mirrorservice.mirror.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads from a connection's first bytes which HTTP is spoken, and goes: HTTP/2 begins with its preface, whether or not TLS
 * agreed on it before. RFC 9113, section 3.4.
 */
final class Preface extends ByteToMessageDecoder {

    private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

    private final Consumer<ChannelHandlerContext> http2;

    /** Given what makes a connection one of HTTP/2, handlers to come after this one. */
    Preface(Consumer<ChannelHandlerContext> http2) {
        this.http2 = http2;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int seen = Math.min(in.readableBytes(), PREFACE.readableBytes());
        if (!ByteBufUtil.equals(PREFACE, 0, in, in.readerIndex(), seen)) {
            context.pipeline().remove(this);
        } else if (seen == PREFACE.readableBytes()) {
            http2.accept(context);
            context.pipeline().remove(this);
        }
    }
}
