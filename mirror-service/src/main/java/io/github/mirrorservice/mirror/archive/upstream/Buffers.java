package io.github.mirrorservice.mirror.archive.upstream;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Buffers that are handed from an event loop to a thread that may block. Each is released once, by whoever comes first: the
 * thread that has used it, or the end. {@code publishOn} alone would lose some when it is cancelled: it disposes of its
 * worker, and a task of that which has not begun never looks into its queue.
 */
final class Buffers {

    private final Queue<Buffer> handed = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    private Buffers() {}

    /**
     * Uses each buffer on a thread of the scheduler, one after the other, and completes.
     *
     * @param ahead how many wait for their use at the most
     */
    static Flux<?> use(Flux<ByteBuf> source, Scheduler scheduler, int ahead, Consumer<ByteBuf> user) {
        return Flux.using(
                Buffers::new,
                buffers -> source.map(buffers::hand)
                        .publishOn(scheduler, ahead)
                        .doOnNext(buffer -> buffers.use(buffer, user))
                        .ignoreElements()
                        .flux(),
                Buffers::end);
    }

    private Buffer hand(ByteBuf bytes) {
        Buffer buffer = new Buffer(new AtomicReference<>(bytes.retain()));
        handed.add(buffer);
        if (over) {
            buffer.take().ifPresent(ByteBuf::release);
        }
        return buffer;
    }

    private void use(Buffer buffer, Consumer<ByteBuf> user) {
        handed.remove(buffer);
        buffer.take().ifPresent(bytes -> {
            try {
                user.accept(bytes);
            } finally {
                bytes.release();
            }
        });
    }

    private void end() {
        over = true;
        handed.forEach(buffer -> buffer.take().ifPresent(ByteBuf::release));
    }

    /** A buffer until it is taken. */
    private record Buffer(AtomicReference<@Nullable ByteBuf> bytes) {

        Optional<ByteBuf> take() {
            return Optional.ofNullable(bytes.getAndSet(null));
        }
    }
}
