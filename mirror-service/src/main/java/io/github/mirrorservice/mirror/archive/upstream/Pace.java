package io.github.mirrorservice.mirror.archive.upstream;

import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** Holds one body to its bounds: how large it is, how long it pauses, how slowly it comes. */
final class Pace {

    private final UpstreamSettings settings;
    private final String host;
    private final long begun = System.nanoTime();
    private long bytes;

    private Pace(UpstreamSettings settings, String host) {
        this.settings = settings;
        this.host = host;
    }

    static Flux<ByteBuf> hold(Flux<ByteBuf> body, long from, String host, UpstreamSettings settings, Scheduler timer) {
        return Flux.defer(() -> {
            Pace pace = new Pace(settings, host);
            return body.timeout(settings.stall(), timer).doOnNext(buffer -> pace.count(from, buffer.readableBytes()));
        });
    }

    private void count(long from, int more) {
        bytes += more;
        if (from + bytes > settings.largest()) {
            throw NetworkFailures.tooLarge(host, settings.largest());
        }
        long nanos = System.nanoTime() - begun;
        if (nanos > settings.stall().toNanos() && bytes < settings.slowest() * (nanos / 1e9)) {
            throw NetworkFailures.tooSlow(host);
        }
    }
}
