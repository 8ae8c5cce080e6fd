package io.github.mirrorservice.mirror.schedule;

import io.github.mirrorservice.mirror.schedule.LaneSettings.Placement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What an element costs on its way over an event loop: with cooperation, with plain {@code publishOn}, in a loop. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CooperationBenchmark {

    private static final int ELEMENTS = 10_000;

    private final Lanes sliced = lanes(Optional.of(Duration.ofNanos(250_000)));
    private final Lanes plain = lanes(Optional.empty());

    /** Work on one element, in JMH's tokens: none shows the operator alone, 4,000 are about as much as a small blob. */
    @Param({"0", "400", "4000"})
    public int work;

    @TearDown
    public void close() {
        sliced.close();
        plain.close();
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long loop() {
        long sum = 0;
        for (int i = 0; i < ELEMENTS; i++) {
            sum += work(i);
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long plainPublishOn() {
        return sum(plain.ingest());
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long cooperation() {
        return sum(sliced.ingest());
    }

    /** A hop of a plain operator for each element: what it costs to let I/O in every time. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long hops() {
        Scheduler lane = sliced.ingest().lane();
        return Flux.range(0, ELEMENTS)
                .concatMap(element -> Mono.fromCallable(() -> work(element)).subscribeOn(lane))
                .subscribeOn(lane)
                .reduce(0L, Long::sum)
                .blockOptional()
                .orElseThrow();
    }

    private long sum(Cooperation cooperation) {
        return Flux.range(0, ELEMENTS)
                .transform(cooperation::publishOn)
                .map(this::work)
                .reduce(0L, Long::sum)
                .blockOptional()
                .orElseThrow();
    }

    private int work(int element) {
        if (work > 0) {
            Blackhole.consumeCPU(work);
        }
        return element;
    }

    private static Lanes lanes(Optional<Duration> slice) {
        return Lanes.open(new LaneSettings(1, Placement.SHARED, slice, 1), nanos -> {});
    }
}
