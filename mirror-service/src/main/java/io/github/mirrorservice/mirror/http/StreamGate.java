package io.github.mirrorservice.mirror.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Predicate;

/**
 * Stands before one stream of HTTP/2 as {@link Gate} stands before a connection of HTTP/1.1. A body that nobody wants is
 * not read: the answer is given to the head alone, and then the rest of the request is declined.
 */
final class StreamGate extends ChannelDuplexHandler {

    private final Predicate<HttpRequest> takesBody;
    private boolean asked;
    private boolean bodyComes;

    /** Lets the bodies of these requests through. */
    StreamGate(Predicate<HttpRequest> takesBody) {
        this.takesBody = takesBody;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        asked |= message instanceof LastHttpContent;
        if (message instanceof HttpRequest request) {
            bodyComes = takesBody.test(request);
            if (bodyComes) {
                // The codec's own, where no length is told: frames end by themselves.
                request.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
            }
            HttpRequest passed = Admission.refusal(request)
                    .map(refusal -> refusal.standIn(request.method()))
                    .orElse(request);
            context.fireChannelRead(ReferenceCountUtil.retain(passed));
            if (bodyComes && asked) {
                context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
            }
        } else if (bodyComes && message instanceof HttpContent content) {
            context.fireChannelRead(content.retain());
        }
        ReferenceCountUtil.release(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        ChannelPromise watched = message instanceof LastHttpContent ? promise.unvoid() : promise;
        if (message instanceof LastHttpContent) {
            watched.addListener(written -> ended(context, written.isSuccess()));
        }
        super.write(context, message, watched);
    }

    /** Whoever found an error of the protocol resets the stream and says which it was. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof Http2Exception)) {
            context.fireExceptionCaught(cause);
        }
    }

    private void ended(ChannelHandlerContext context, boolean whole) {
        context.fireUserEventTriggered(whole ? Ended.WHOLE : Ended.CUT);
        if (!asked || !whole) {
            context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }
}
