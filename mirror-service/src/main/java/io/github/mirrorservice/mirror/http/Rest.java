package io.github.mirrorservice.mirror.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a connection of HTTP/2 may rest without a stream, and its end when the server drains: no new streams then, and
 * those under way are its last. Frames that belong to no stream, such as pings, are no reason to keep it.
 */
final class Rest extends ChannelDuplexHandler {

    private static final int TICKS = 4;

    private final Http2Connection connection;
    private final Duration idle;
    private @Nullable Future<?> clock;
    private boolean draining;
    private long since = System.nanoTime();

    Rest(Http2Connection connection, Duration idle) {
        this.connection = connection;
        this.idle = idle;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        long tick = idle.toNanos() / TICKS;
        clock = context.executor().scheduleAtFixedRate(() -> tick(context), tick, tick, TimeUnit.NANOSECONDS);
        connection.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamRemoved(Http2Stream stream) {
                since = System.nanoTime();
                endIfDrained(context);
            }
        });
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (clock != null) {
            clock.cancel(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event != Gate.DRAIN) {
            context.fireUserEventTriggered(event);
            return;
        }
        draining = true;
        context.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        endIfDrained(context);
    }

    /** The connection broke: nobody is there who could be told. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(context);
    }

    private void endIfDrained(ChannelHandlerContext context) {
        if (draining && connection.numActiveStreams() == 0) {
            end(context);
        }
    }

    private void tick(ChannelHandlerContext context) {
        if (connection.numActiveStreams() == 0 && System.nanoTime() - since > idle.toNanos()) {
            end(context);
        }
    }

    /** After what was written meanwhile. */
    @SuppressWarnings("FutureReturnValueIgnored") // a connection that cannot be closed is closed already
    private static void end(ChannelHandlerContext context) {
        context.flush();
        context.close();
    }
}
