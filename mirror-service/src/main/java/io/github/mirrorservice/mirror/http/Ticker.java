package io.github.mirrorservice.mirror.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Has one connection or stream looked at a few times in the time that something there is waited for: time is counted in
 * ticks, so that nothing need be timed by itself, and lasts one tick longer at the most. Time in which the event loop stood
 * still does not count. For the event loop's thread alone.
 */
final class Ticker {

    private static final int TICKS = 4;

    private @Nullable Future<?> next;

    /**
     * Begins to tick, and stops what it did before.
     *
     * @param look is given the nanoseconds between two ticks
     */
    void start(ChannelHandlerContext context, Duration waited, LongConsumer look) {
        stop();
        long tick = waited.toNanos() / TICKS;
        next = context.executor().scheduleWithFixedDelay(() -> look.accept(tick), tick, tick, TimeUnit.NANOSECONDS);
    }

    void stop() {
        if (next != null) {
            next.cancel(false);
        }
    }
}
