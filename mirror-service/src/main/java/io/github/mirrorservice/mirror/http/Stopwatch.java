package io.github.mirrorservice.mirror.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Measures each request of one connection once: from its turn to the last byte of its answer handed to the socket, or to
 * the end of the connection if that comes first.
 */
final class Stopwatch extends ChannelDuplexHandler {

    /** The client went away or was cut before its answer was whole: nginx's code for it. */
    private static final int CLIENT_GONE = 499;

    private final Tally tally;
    private Tally.@Nullable Entry unanswered;
    private int status;

    Stopwatch(Tally tally) {
        this.tally = tally;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            unanswered = tally.begin(request.uri(), request.method().name());
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse response) {
            status = response.status().code();
        }
        super.write(context, message, promise);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Ended) {
            answered(event == Ended.WHOLE ? status : CLIENT_GONE);
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        answered(CLIENT_GONE);
        context.fireChannelInactive();
    }

    private void answered(int answer) {
        Tally.Entry asked = unanswered;
        if (asked != null) {
            unanswered = null;
            asked.end(answer);
        }
    }
}
