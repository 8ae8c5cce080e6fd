package io.github.mirrorservice.mirror.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ReferenceCounted;
import java.nio.ByteBuffer;
import java.time.Duration;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What a reader who takes everything at once has received. */
final class Received {

    private final Hasher bytes = new Hasher();
    private int length;
    private final Sinks.Empty<Void> end = Sinks.empty();
    private final Disposable reading;

    Received(Flux<Content.Part> parts) {
        reading = parts.concatMap(part -> Mono.justOrEmpty(part.open()), 0)
                .subscribe(this::take, end::tryEmitError, end::tryEmitEmpty);
    }

    private synchronized void take(ReferenceCounted part) {
        byte[] read = new Stores.Part(part).read();
        bytes.write(ByteBuffer.wrap(read));
        length += read.length;
    }

    synchronized int length() {
        return length;
    }

    void cancel() {
        reading.dispose();
    }

    /** Waits until it has so many bytes. */
    void awaits(int length) {
        Flux.interval(Duration.ofMillis(5)).filter(tick -> length() >= length).blockFirst(Stores.PATIENCE);
    }

    void isOpen() {
        assertThat(reading.isDisposed()).isFalse();
    }

    /** What all bytes hash to, once it has ended well. */
    Digests all() {
        end.asMono().block(Stores.PATIENCE);
        return soFar();
    }

    private synchronized Digests soFar() {
        return bytes.digests();
    }

    /** How many bytes it had when it failed. */
    int fails() {
        boolean failed = Boolean.TRUE.equals(end.asMono()
                .thenReturn(false)
                .onErrorResume(ArchiveException.class, broken -> Mono.just(true))
                .block(Stores.PATIENCE));
        assertThat(failed).isTrue();
        return length();
    }
}
