package io.github.mirrorservice.mirror.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Resets a stream of HTTP/2 whose request lacks its method, scheme or path, or has a path that could not stand in a request
 * line: RFC 9113, sections 8.2.1 and 8.3.1. Netty would serve it without a scheme, leave it unanswered without the others,
 * and lose a buffer over a path with a blank or a control character.
 */
final class PseudoHeaders extends ChannelInboundHandlerAdapter {

    private boolean read;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        boolean first = !read;
        read = true;
        if (first && message instanceof Http2HeadersFrame head && !isComplete(head.headers())) {
            ReferenceCountUtil.release(message);
            context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR))
                    .addListener(ChannelFutureListener.CLOSE);
        } else {
            context.fireChannelRead(message);
        }
    }

    private static boolean isComplete(Http2Headers headers) {
        return headers.method() != null && headers.scheme() != null && headers.path() != null && isWord(headers.path());
    }

    private static boolean isWord(CharSequence path) {
        for (int at = 0; at < path.length(); at++) {
            if (path.charAt(at) <= ' ') {
                return false;
            }
        }
        return true;
    }
}
