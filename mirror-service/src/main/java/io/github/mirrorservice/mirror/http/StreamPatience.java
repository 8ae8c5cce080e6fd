package io.github.mirrorservice.mirror.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a client may leave the answer of one stream of HTTP/2 untouched, and how long it may take over all of it. What a
 * stream writes is done when the client had room for it, so what is not done waits for the client.
 */
final class StreamPatience extends ChannelDuplexHandler {

    private static final int TICKS = 4;

    private final Duration write;
    private final int slowestReader;
    private @Nullable Future<?> clock;
    private int untaken;
    private long since;
    private long last;

    StreamPatience(ServerSettings settings) {
        write = settings.writeTimeout();
        slowestReader = settings.slowestReader();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse response) {
            begin(context, response);
        }
        untaken++;
        ChannelPromise watched = promise.unvoid();
        watched.addListener(done -> taken());
        super.write(context, message, watched);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (clock != null) {
            clock.cancel(false);
        }
    }

    private void begin(ChannelHandlerContext context, HttpResponse response) {
        long tick = write.toNanos() / TICKS;
        clock = context.executor().scheduleAtFixedRate(() -> tick(context), tick, tick, TimeUnit.NANOSECONDS);
        long seconds = HttpUtil.getContentLength(response, 0L) / slowestReader;
        last = System.nanoTime() + write.toNanos() + TimeUnit.SECONDS.toNanos(seconds);
        since = System.nanoTime();
    }

    private void taken() {
        untaken--;
        since = System.nanoTime();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a stream that cannot be closed is closed already
    private void tick(ChannelHandlerContext context) {
        long now = System.nanoTime();
        if (untaken > 0 && (now - since > write.toNanos() || now - last > 0)) {
            context.close();
        }
    }
}
