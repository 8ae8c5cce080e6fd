package io.github.mirrorservice.mirror.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long one connection is waited for: until its request's head is complete, between two requests, while its client
 * leaves the answer untouched, and until the client has all of it, however steadily it takes a little. A clock ticks a few times in the shortest of these times, so each may last one tick longer.
 */
final class Patience extends ChannelDuplexHandler {

    /** Sent through a connection's pipeline when the server drains: the answer under way is its last. */
    static final Object DRAIN = new Object();

    private static final int TICKS = 4;

    private final Duration head;
    private final Duration idle;
    private final Duration write;
    private final int slowestReader;

    private @Nullable Future<?> clock;
    private boolean draining;
    private boolean headBegun = true;
    private boolean messageRead;
    private boolean answering;
    private long since = System.nanoTime();
    private long outboundSeen;
    private long handedOver;
    private long longestTaking;

    Patience(ServerSettings settings) {
        head = settings.headTimeout();
        idle = settings.idleTimeout();
        write = settings.writeTimeout();
        slowestReader = settings.slowestReader();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        long shortest = Math.min(head.toNanos(), Math.min(idle.toNanos(), write.toNanos()));
        clock = context.executor()
                .scheduleAtFixedRate(() -> tick(context), shortest / TICKS, shortest / TICKS, TimeUnit.NANOSECONDS);
        restart();
        context.fireChannelActive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (clock != null) {
            clock.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        messageRead = true;
        if (message instanceof HttpRequest) {
            headBegun = false;
            answering = true;
            restart();
        }
        context.fireChannelRead(message);
    }

    /** Bytes were read; if they made no message, they begin a head. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!messageRead && !headBegun && !answering) {
            headBegun = true;
            restart();
        }
        messageRead = false;
        context.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse response) {
            begin(response);
        }
        ChannelPromise watched = message instanceof LastHttpContent ? promise.unvoid() : promise;
        if (message instanceof LastHttpContent) {
            watched.addListener(written -> answered(context));
        }
        super.write(context, message, watched);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event != DRAIN) {
            context.fireUserEventTriggered(event);
            return;
        }
        draining = true;
        if (!answering) {
            close(context);
        }
    }

    private void begin(HttpResponse response) {
        if (draining) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        handedOver = System.nanoTime();
        long seconds = HttpUtil.getContentLength(response, 0L) / slowestReader;
        longestTaking = write.toNanos() + TimeUnit.SECONDS.toNanos(seconds);
    }

    private void answered(ChannelHandlerContext context) {
        answering = false;
        restart();
        if (draining) {
            close(context);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a connection that cannot be closed is closed already
    private static void close(ChannelHandlerContext context) {
        context.close();
    }

    private void restart() {
        since = System.nanoTime();
    }

    private void tick(ChannelHandlerContext context) {
        long waited = System.nanoTime() - since;
        if (answering) {
            watchOutput(context, waited);
        } else if (headBegun && waited > head.toNanos()) {
            restart();
            context.pipeline().fireUserEventTriggered(Refusal.SLOW);
        } else if (!headBegun && waited > idle.toNanos()) {
            close(context);
        }
    }

    /** An answer that is still being made has nothing to take; one that is made is taken bit by bit, or the client is cut. */
    private void watchOutput(ChannelHandlerContext context, long waited) {
        long seen = outbound(context.channel());
        if (seen == 0) {
            restart();
        } else if (System.nanoTime() - handedOver > longestTaking) {
            close(context);
        } else if (seen != outboundSeen) {
            restart();
        } else if (waited > write.toNanos()) {
            close(context);
        }
        outboundSeen = seen;
    }

    /** A number that changes whenever the client takes something, 0 while there is nothing to take. */
    private static long outbound(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer == null || buffer.isEmpty()) {
            return 0;
        }
        return 1
                + buffer.totalPendingWriteBytes()
                + buffer.currentProgress()
                + System.identityHashCode(buffer.current());
    }
}
