package io.github.mirrorservice.mirror.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long one connection is waited for: until its request's head is complete, between two requests, while its client
 * leaves the answer untouched, and until the client has all of it, however steadily it takes a little.
 */
final class Patience extends ChannelDuplexHandler {

    private final Duration head;
    private final Duration idle;
    private final Duration write;
    private final ServerSettings settings;

    private final Ticker ticker = new Ticker();
    private boolean headBegun;
    private boolean messageRead;
    private boolean answering;
    private boolean moved;
    private long waited;
    private long left;
    private long outboundSeen;

    Patience(ServerSettings settings) {
        head = settings.headTimeout();
        idle = settings.idleTimeout();
        write = settings.writeTimeout();
        this.settings = settings;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        expectHead(context, true);
        context.fireChannelActive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        ticker.stop();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        messageRead = true;
        if (message instanceof HttpRequest) {
            answering = true;
            moved = true;
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
            expectHead(context, true);
        }
        messageRead = false;
        context.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse response) {
            left = settings.nanosToTake(response);
        }
        super.write(context, message, promise);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Ended) {
            answering = false;
            moved = true;
        }
        context.fireUserEventTriggered(event);
    }

    /** Most connections rest, so they are looked at no more often than their longer bounds ask for. */
    private void expectHead(ChannelHandlerContext context, boolean begun) {
        headBegun = begun;
        waited = 0;
        Duration shortest = idle.compareTo(write) < 0 ? idle : write;
        ticker.start(context, begun ? head : shortest, tick -> look(context, tick));
    }

    private void look(ChannelHandlerContext context, long tick) {
        waited = moved ? 0 : waited + tick;
        moved = false;
        if (answering) {
            watchOutput(context, tick);
        } else if (headBegun && waited >= head.toNanos()) {
            waited = 0;
            context.pipeline().fireUserEventTriggered(Refusal.SLOW);
        } else if (!headBegun && waited >= idle.toNanos()) {
            close(context);
        }
    }

    /** An answer that is still being made has nothing to take; one that is made is taken bit by bit, or the client is cut. */
    private void watchOutput(ChannelHandlerContext context, long tick) {
        long seen = outbound(context.channel());
        left -= seen == 0 ? 0 : tick;
        if (seen == 0 || seen != outboundSeen || isTaking(context.channel(), tick)) {
            waited = 0;
        }
        outboundSeen = seen;
        if (waited >= write.toNanos() || left < 0) {
            close(context);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a connection that cannot be closed is closed already
    private static void close(ChannelHandlerContext context) {
        context.close();
    }

    /** Whether the kernel has sent data since the last look, for which the client had to make room. */
    private static boolean isTaking(Channel channel, long tick) {
        return channel instanceof EpollSocketChannel socket
                && TimeUnit.MILLISECONDS.toNanos(socket.tcpInfo().lastDataSent()) < tick;
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
