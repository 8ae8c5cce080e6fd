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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to let the two branches of the story's sort take turns on one event loop. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StorySortBenchmark {

    private final int[] values = StorySort.shuffled(1 << 18);
    private final Lanes sliced = lanes(Optional.of(Duration.ofNanos(250_000)));
    private final Lanes plain = lanes(Optional.empty());

    @TearDown
    public void close() {
        sliced.close();
        plain.close();
    }

    @Benchmark
    public int[] function() {
        return StorySort.sort(values);
    }

    @Benchmark
    public int[] plainPublishOn() {
        return sort(plain.ingest());
    }

    @Benchmark
    public int[] cooperation() {
        return sort(sliced.ingest());
    }

    private int[] sort(Cooperation cooperation) {
        return StorySort.sort(values, cooperation::publishOn, branch -> {})
                .blockOptional()
                .orElseThrow();
    }

    private static Lanes lanes(Optional<Duration> slice) {
        return Lanes.open(new LaneSettings(1, Placement.SHARED, slice, 1), nanos -> {});
    }
}
