package io.github.mirrorservice.mirror.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long one connection is waited for: until its request's head is complete, between two requests, while its client
 * leaves the answer untouched, and until the client has all of it, however steadily it takes a little.
 * A clock ticks a few times in the time that is waited, so each may last one tick longer.
 */
final class Patience extends ChannelDuplexHandler {

    private static final int TICKS = 4;

    private final Duration head;
    private final Duration idle;
    private final Duration write;
    private final int slowestReader;

    private @Nullable Future<?> clock;
    private boolean headBegun = true;
    private boolean messageRead;
    private boolean answering;
    private boolean moved = true;
    private boolean begun;
    private long seconds;
    private long since;
    private long last;
    private long outboundSeen;

    Patience(ServerSettings settings) {
        head = settings.headTimeout();
        idle = settings.idleTimeout();
        write = settings.writeTimeout();
        slowestReader = settings.slowestReader();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        restart();
        schedule(context);
        context.fireChannelActive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        messageRead = true;
        if (message instanceof HttpRequest) {
            answering = true;
            restart();
            if (headBegun) {
                expectHead(context, false);
            }
        }
        context.fireChannelRead(message);
    }

    /** Bytes were read; if they made no message, they begin a head. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!messageRead && !headBegun && !answering) {
            restart();
            expectHead(context, true);
        }
        messageRead = false;
        context.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse response) {
            begun = true;
            seconds = HttpUtil.getContentLength(response, 0L) / slowestReader;
        }
        super.write(context, message, promise);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Ended) {
            answering = false;
            restart();
        }
        context.fireUserEventTriggered(event);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a connection that cannot be closed is closed already
    private static void close(ChannelHandlerContext context) {
        context.close();
    }

    /** Time is told by the clock alone: a request asks for none. */
    private void restart() {
        moved = true;
    }

    private void expectHead(ChannelHandlerContext context, boolean begun) {
        headBegun = begun;
        stop();
        schedule(context);
    }

    /** Most connections rest, so they are looked at no more often than their longer bounds ask for. */
    private void schedule(ChannelHandlerContext context) {
        clock = context.executor().schedule(() -> tick(context), tick(), TimeUnit.NANOSECONDS);
    }

    private void stop() {
        if (clock != null) {
            clock.cancel(false);
        }
    }

    private long tick() {
        return (headBegun ? head.toNanos() : Math.min(idle.toNanos(), write.toNanos())) / TICKS;
    }

    private void tick(ChannelHandlerContext context) {
        schedule(context);
        look(context);
    }

    private void look(ChannelHandlerContext context) {
        long now = System.nanoTime();
        if (moved) {
            moved = false;
            since = now;
        }
        if (begun) {
            begun = false;
            last = now + write.toNanos() + TimeUnit.SECONDS.toNanos(seconds);
        }
        long waited = now - since;
        if (answering) {
            watchOutput(context, waited, now);
        } else if (headBegun && waited > head.toNanos()) {
            restart();
            context.pipeline().fireUserEventTriggered(Refusal.SLOW);
        } else if (!headBegun && waited > idle.toNanos()) {
            close(context);
        }
    }

    /** An answer that is still being made has nothing to take; one that is made is taken bit by bit, or the client is cut. */
    private void watchOutput(ChannelHandlerContext context, long waited, long now) {
        long seen = outbound(context.channel());
        if (seen == 0) {
            restart();
        } else if (now - last > 0) {
            close(context);
        } else if (seen != outboundSeen || isTaking(context.channel())) {
            restart();
        } else if (waited > write.toNanos()) {
            close(context);
        }
        outboundSeen = seen;
    }

    /** Whether the kernel has sent data since the last look, for which the client had to make room. */
    private boolean isTaking(Channel channel) {
        return channel instanceof EpollSocketChannel socket
                && TimeUnit.MILLISECONDS.toNanos(socket.tcpInfo().lastDataSent()) < tick();
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
