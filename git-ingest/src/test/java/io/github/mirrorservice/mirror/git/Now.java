package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Waits for what a publisher emits, but never for ever. */
final class Now {

    static final Duration DEADLINE = Duration.ofSeconds(60);

    private Now() {}

    static <T> T value(Mono<T> one) {
        return Objects.requireNonNull(one.block(DEADLINE), "it is empty");
    }

    static <T> List<T> list(Flux<T> many) {
        return value(many.collectList());
    }

    /** The error that it ends with. */
    static <E extends Throwable> E error(Class<E> type, Mono<?> failing) {
        Optional<Throwable> error = value(failing.<Optional<Throwable>>map(unexpected -> Optional.empty())
                .onErrorResume(thrown -> Mono.just(Optional.of(thrown)))
                .defaultIfEmpty(Optional.empty()));
        Throwable thrown = error.orElseThrow(() -> new AssertionError("it did not fail"));
        assertThat(thrown).isInstanceOf(type);
        return type.cast(thrown);
    }
}
