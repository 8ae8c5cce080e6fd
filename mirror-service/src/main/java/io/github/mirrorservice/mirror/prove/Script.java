package io.github.mirrorservice.mirror.prove;

import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.prove.Window.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What is done to a mirror while it is under load: pauses and ingests, by turns. */
final class Script {

    private static final double NANOS_PER_SECOND = 1e9;

    private final MirrorProcess mirror;
    private final Consumer<CommitId> push;
    private final Scheduler clock;

    /**
     * Does no work yet.
     *
     * @param push moves the branch that the mirror follows; may block
     * @param clock where it pauses and pushes
     */
    Script(MirrorProcess mirror, Consumer<CommitId> push, Scheduler clock) {
        this.mirror = mirror;
        this.push = push;
        this.clock = clock;
    }

    /** Emits what the mirror did: one ingest for each commit, a pause before each and after the last. */
    Flux<Window> ingests(List<CommitId> commits, Duration pause) {
        return Flux.fromIterable(commits)
                .concatMap(commit -> Mono.delay(pause, clock).thenMany(ingest(commit)))
                .concatWith(Mono.delay(pause, clock).then(Mono.empty()));
    }

    private Flux<Window> ingest(CommitId commit) {
        return now().flatMapMany(asked -> mirror.phases().flatMapMany(before -> pushed(commit)
                .flatMapMany(start -> mirror.sync().then(now()).flatMapMany(end -> mirror.phases()
                        .flatMapIterable(after -> windows(asked, start, end, computed(before, after)))))));
    }

    /** Emits the time when it was done. */
    private Mono<Long> pushed(CommitId commit) {
        return Mono.<Long>fromRunnable(() -> push.accept(commit))
                .subscribeOn(clock)
                .then(now());
    }

    private static Mono<Long> now() {
        return Mono.fromSupplier(System::nanoTime);
    }

    private static long computed(Map<String, Double> before, Map<String, Double> after) {
        double seconds = Stream.of("diff", "index", "publish")
                .mapToDouble(phase -> after.getOrDefault(phase, 0.0) - before.getOrDefault(phase, 0.0))
                .sum();
        return (long) (seconds * NANOS_PER_SECOND);
    }

    /** The fetch comes first: the length of the rest tells where it ended. */
    private static List<Window> windows(long asked, long start, long end, long computed) {
        long compute = Math.max(start, end - computed);
        return List.of(
                new Window(Kind.QUESTION, asked, start),
                new Window(Kind.FETCH, start, compute),
                new Window(Kind.COMPUTE, compute, end),
                new Window(Kind.QUESTION, end, System.nanoTime()));
    }
}
