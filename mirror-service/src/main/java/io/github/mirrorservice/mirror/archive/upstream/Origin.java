package io.github.mirrorservice.mirror.archive.upstream;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Whoever can be asked for archives. */
@FunctionalInterface
public interface Origin {

    /**
     * Emits what {@code receiver} makes of the answer. Asks at subscription; cancelling closes the connection. Fails with
     * {@link ArchiveException.Source}, or as {@code receiver} does.
     */
    <T> Flux<T> get(Request request, Function<Reply, ? extends Publisher<T>> receiver);
}
