package io.github.mirrorservice.mirror.opam;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** The snapshot that is served now. A request takes it once and keeps it to its end. */
public final class Published {

    private final AtomicReference<@Nullable Snapshot> current = new AtomicReference<>();
    private final Sinks.Many<Snapshot> snapshots = Sinks.many().replay().latest();

    /** The snapshot served now, or empty before the first one. */
    public Optional<Snapshot> current() {
        return Optional.ofNullable(current.get());
    }

    /** Serves {@code next} from now on; requests under way keep the one they took. */
    public void publish(Snapshot next) {
        current.set(next);
        snapshots.tryEmitNext(next);
    }

    /** Emits the snapshot served now and each that takes its place, the latest one only to whoever is slow. Never ends. */
    public Flux<Snapshot> snapshots() {
        return snapshots.asFlux().onBackpressureLatest();
    }
}
