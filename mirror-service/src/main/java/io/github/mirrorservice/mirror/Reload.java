package io.github.mirrorservice.mirror;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The configuration of a running mirror, read again at each SIGHUP: taken over as a whole, or not at all. */
final class Reload {

    private final Supplier<Configuration> again;
    private final Reports reports;
    private volatile Configuration known;

    /** Of a mirror with the configuration {@code first}; {@code again} reads it anew and fails if it cannot be used. */
    Reload(Configuration first, Supplier<Configuration> again, Reports reports) {
        this.known = first;
        this.again = again;
        this.reports = reports;
    }

    /** Emits what the mirror is told from now on, whenever that is read again and can be used. Never ends. */
    Flux<Settings> settings(Scheduler reading) {
        return Hangup.signals()
                .concatMap(signal ->
                        Mono.fromCallable(this::read).flatMap(Mono::justOrEmpty).subscribeOn(reading));
    }

    Optional<Settings> read() {
        try {
            Configuration next = again.get();
            List<String> obstacles = known.obstacles(next);
            if (!obstacles.isEmpty()) {
                reports.needRestart(obstacles);
                return Optional.empty();
            }
            reports.reloaded(known.changes(next));
            known = next;
            return Optional.of(next.settings());
        } catch (RuntimeException unusable) {
            // Whatever is wrong with it, the mirror goes on as it is.
            reports.notReloaded(unusable);
            return Optional.empty();
        }
    }
}
