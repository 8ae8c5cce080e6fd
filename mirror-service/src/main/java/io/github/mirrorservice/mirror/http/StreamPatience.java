package io.github.mirrorservice.mirror.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;

/**
 * How long a client may leave the answer of one stream of HTTP/2 untouched, and how long it may take over all of it. What a
 * stream writes is done when the client had room for it, so what is not done waits for the client.
 */
final class StreamPatience extends ChannelDuplexHandler {

    private final Duration write;
    private final ServerSettings settings;
    private final Ticker ticker = new Ticker();
    private int untaken;
    private long waited;
    private long left;

    StreamPatience(ServerSettings settings) {
        write = settings.writeTimeout();
        this.settings = settings;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse response) {
            left = settings.nanosToTake(response);
            ticker.start(context, write, tick -> look(context, tick));
        }
        waited = untaken == 0 ? 0 : waited;
        untaken++;
        ChannelPromise watched = promise.unvoid();
        watched.addListener(done -> taken());
        super.write(context, message, watched);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        ticker.stop();
    }

    private void taken() {
        untaken--;
        waited = 0;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a stream that cannot be closed is closed already
    private void look(ChannelHandlerContext context, long tick) {
        if (untaken > 0) {
            waited += tick;
            left -= tick;
        }
        if (waited > write.toNanos() || left < 0) {
            context.close();
        }
    }
}
