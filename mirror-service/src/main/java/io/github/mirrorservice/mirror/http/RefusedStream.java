package io.github.mirrorservice.mirror.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands in place of everything else on a stream of HTTP/2 that there is no room for, and says so. By a head alone, for which its
 * client need not make room (RFC 9113, section 6.9.1), and not by a reset, of which only so many may be sent on a connection.
 */
final class RefusedStream extends ChannelInboundHandlerAdapter {

    private static final Http2Headers NO_ROOM = new DefaultHttp2Headers()
            .status(HttpResponseStatus.SERVICE_UNAVAILABLE.codeAsText())
            .setInt(HttpHeaderNames.RETRY_AFTER, Shelf.RETRY_SECONDS);

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2HeadersFrame) {
            context.writeAndFlush(new DefaultHttp2HeadersFrame(NO_ROOM, true)).addListener(ChannelFutureListener.CLOSE);
        }
        ReferenceCountUtil.release(message);
    }

    /** The connection broke: nobody is there who could be told. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a stream that cannot be closed is closed already
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
