package io.github.mirrorservice.mirror.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.time.Duration;

/**
 * How long a connection of HTTP/2 may rest without a stream, and its end when the server drains: no new streams then, and
 * those under way are its last. Before that it is told that the end is near, RFC 9113, section 6.8. Frames that belong to no stream, such as pings, are no reason to keep it.
 */
final class Lifetime extends ChannelInboundHandlerAdapter {

    private final Http2Connection connection;
    private final Duration idle;
    private final Ticker ticker = new Ticker();
    private boolean draining;
    private long rested;

    Lifetime(Http2Connection connection, Duration idle) {
        this.connection = connection;
        this.idle = idle;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ticker.start(context, idle, tick -> look(context, tick));
        connection.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamRemoved(Http2Stream stream) {
                rested = 0;
                if (draining && isAtRest()) {
                    leave(context);
                }
            }
        });
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        ticker.stop();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == Gate.LEAVE) {
            context.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE))
                    .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            return;
        }
        if (event != Gate.DRAIN) {
            context.fireUserEventTriggered(event);
            return;
        }
        draining = true;
        context.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        if (isAtRest()) {
            leave(context);
        }
    }

    /** The connection broke: nobody is there who could be told. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        close(context);
    }

    private boolean isAtRest() {
        return connection.numActiveStreams() == 0;
    }

    private void look(ChannelHandlerContext context, long tick) {
        rested += isAtRest() ? tick : 0;
        if (rested >= idle.toNanos()) {
            close(context);
        }
    }

    /** The last answer is written, and its client says what room it has while it reads it. */
    private static void leave(ChannelHandlerContext context) {
        context.flush();
        Farewell.say(context);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a connection that cannot be closed is closed already
    private static void close(ChannelHandlerContext context) {
        context.close();
    }
}
