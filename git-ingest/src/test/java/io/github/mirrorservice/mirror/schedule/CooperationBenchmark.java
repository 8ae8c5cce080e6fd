package io.github.mirrorservice.mirror.schedule;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import java.time.Duration;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.publisher.Flux;

/** What one element costs on its way through the operator, beside plain {@code publishOn} and a plain loop. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CooperationBenchmark {

    private static final int ELEMENTS = 10_000;

    /** Work on one element in Blackhole tokens; 0 shows the operator alone, 4,000 are about 10 µs. */
    @Param({"0", "400", "4000"})
    public int work;

    private EventExecutorGroup loops = new DefaultEventExecutorGroup(1);
    private Cooperation sliced = Cooperation.off(reactor.core.scheduler.Schedulers.immediate());
    private Cooperation plain = sliced;

    @Setup
    public void open() {
        sliced = Cooperation.on(new LaneScheduler(loops, HandOver.FAIR, nanos -> {}), Duration.ofNanos(250_000));
        plain = Cooperation.off(new LaneScheduler(loops, HandOver.PLAIN, nanos -> {}));
    }

    @TearDown
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
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
    public Object plainPublishOn() {
        return sum(plain.publishOn(source()));
    }

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public Object cooperation() {
        return sum(sliced.publishOn(source()));
    }

    private Flux<Integer> source() {
        return Flux.range(0, ELEMENTS).map(this::work);
    }

    private int work(int element) {
        if (work > 0) {
            Blackhole.consumeCPU(work);
        }
        return element;
    }

    private static Long sum(Flux<Integer> elements) {
        return elements.reduce(0L, Long::sum).blockOptional().orElseThrow();
    }
}
