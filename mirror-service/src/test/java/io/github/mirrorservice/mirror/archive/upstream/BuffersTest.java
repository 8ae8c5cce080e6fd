package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

final class BuffersTest {

    private static final int AHEAD = 4;

    private final List<ByteBuf> buffers = IntStream.range(0, 10)
            .mapToObj(number -> Unpooled.wrappedBuffer(new byte[] {(byte) number}))
            .toList();
    private final List<Byte> used = new ArrayList<>();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Scheduler busy = Schedulers.fromExecutor(waiting::add);

    @Test
    void each_is_used_in_its_turn_and_released() {
        StepVerifier.create(Buffers.use(owned(), Schedulers.immediate(), AHEAD, this::note))
                .expectComplete()
                .verify(Duration.ofSeconds(10));

        assertThat(used).hasSize(10).startsWith((byte) 0, (byte) 1).endsWith((byte) 9);
        assertAllReleased();
    }

    @Test
    void what_waits_for_a_thread_is_released_when_nobody_wants_it_any_more() {
        Disposable using = Buffers.use(owned(), busy, AHEAD, this::note).subscribe();
        using.dispose();
        waiting.forEach(Runnable::run);

        assertThat(used).isEmpty();
        assertAllReleased();
    }

    @Test
    void one_that_was_under_way_when_nobody_wanted_it_any_more_is_released_too() {
        AtomicReference<CoreSubscriber<? super ByteBuf>> subscribed = new AtomicReference<>();
        Flux<ByteBuf> deaf = new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super ByteBuf> subscriber) {
                subscribed.set(subscriber);
                subscriber.onSubscribe(Operators.emptySubscription());
            }
        };
        Disposable using = Buffers.use(deaf, busy, AHEAD, this::note).subscribe();
        using.dispose();
        Objects.requireNonNull(subscribed.get()).onNext(buffers.get(0));

        assertAllReleased();
    }

    @Test
    void a_user_that_fails_leaves_nothing_behind() {
        StepVerifier.create(Buffers.use(owned(), Schedulers.immediate(), AHEAD, bytes -> {
                    throw new IllegalStateException("full");
                }))
                .expectErrorMessage("full")
                .verify(Duration.ofSeconds(10));

        assertAllReleased();
    }

    private void note(ByteBuf bytes) {
        used.add(bytes.getByte(0));
    }

    /** Whoever emits a buffer gives up its own hold on it behind that, as Reactor Netty does. */
    private Flux<ByteBuf> owned() {
        return Flux.fromIterable(buffers).hide();
    }

    private void assertAllReleased() {
        assertThat(buffers).extracting(ByteBuf::refCnt).containsOnly(1);
    }
}
