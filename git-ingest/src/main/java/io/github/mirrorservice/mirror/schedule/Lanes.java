package io.github.mirrorservice.mirror.schedule;

import io.github.mirrorservice.mirror.schedule.LaneSettings.Placement;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.NonBlocking;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/**
 * The threads of the whole process: the event loops that serve HTTP, the lane on which ingest computes, and the lane
 * for blocking calls. Opened once, closed once, after what runs on them has been cancelled.
 */
public final class Lanes implements AutoCloseable {

    /** For each thread. A call that waits takes some 200 bytes. */
    private static final int BLOCKING_QUEUE = 16_384;

    private static final int LEAST_BULK_THREADS = 4;
    private static final int BLOCKING_IDLE_SECONDS = 60;
    private static final long CLOSE_SECONDS = 5;

    private final int eventLoops;
    private final int blockingRoom;
    private final LoopResources loops;
    private final EventExecutorGroup serving;
    private final EventExecutorGroup computing;
    private final Cooperation ingest;
    private final Sinks.Many<Throwable> breaks = Sinks.many().multicast().directBestEffort();
    private final Scheduler blocking;
    private final Scheduler bulk;

    private Lanes(LaneSettings settings, LongConsumer slices) {
        this.eventLoops = settings.eventLoops();
        this.loops = LoopResources.create("mirror-http", eventLoops, true);
        this.serving = loops.onServer(LoopResources.DEFAULT_NATIVE);
        this.computing = settings.ingest() == Placement.SHARED
                ? serving
                : new DefaultEventExecutorGroup(eventLoops, new ComputingThreads());
        this.ingest = settings.slice()
                .map(slice ->
                        Cooperation.on(new LaneScheduler(computing, HandOver.FAIR, slices, breaks::tryEmitNext), slice))
                .orElseGet(() ->
                        Cooperation.off(new LaneScheduler(computing, HandOver.PLAIN, slices, breaks::tryEmitNext)));
        this.blockingRoom = settings.blockingThreads() * BLOCKING_QUEUE;
        this.blocking = blocking("mirror-blocking", settings.blockingThreads());
        this.bulk = blocking("mirror-bulk", Math.max(LEAST_BULK_THREADS, eventLoops));
    }

    private static Scheduler blocking(String name, int threads) {
        return Schedulers.newBoundedElastic(threads, BLOCKING_QUEUE, name, BLOCKING_IDLE_SECONDS, true);
    }

    /**
     * Opens the lanes. No thread starts before it has something to do.
     *
     * @param slices told after each slice of ingest how many nanoseconds it held its thread, on that thread
     */
    public static Lanes open(LaneSettings settings, LongConsumer slices) {
        return new Lanes(settings, slices);
    }

    /** The event loops, native where the platform has them, for servers and clients to run on. */
    public LoopResources loops() {
        return loops;
    }

    /** How ingest computes without making a request wait. */
    public Cooperation ingest() {
        return ingest;
    }

    /**
     * The same work, which fails with {@link LaneException} as soon as a task on the lane of ingest is broken off by an
     * error that Reactor throws instead of signalling it, as it does when memory runs out: whoever waits for the end of
     * that step would wait for ever. What it had begun is cancelled, and the lane goes on with other tasks.
     *
     * <p>It cannot tell whose task it was. The lane computes for one ingest at a time.
     */
    public <T> Mono<T> watch(Mono<T> work) {
        return Mono.firstWithSignal(
                breaks.asFlux().next().map(LaneException::of).flatMap(Mono::<T>error), work);
    }

    /** Where blocking calls go: a few threads, and a queue that refuses work rather than grow without end. */
    public Scheduler blocking() {
        return blocking;
    }

    /**
     * Completes when an event loop has ended although nobody closed it, as it does when memory runs out in the wrong place: what
     * is served on it waits for ever from then on. Starts to look at subscription.
     */
    public Mono<Void> died() {
        return Flux.fromIterable(serving)
                .flatMap(Lanes::ended, eventLoops)
                .next()
                .then();
    }

    private static Mono<EventExecutor> ended(EventExecutor loop) {
        return Mono.create(sink -> loop.terminationFuture().addListener(end -> sink.success(loop)));
    }

    /** How many blocking calls may wait for a thread; one more is refused. */
    public int blockingRoom() {
        return blockingRoom;
    }

    /**
     * Emits how late a timer on each event loop fired: what a request that waits for that loop feels. The next timer of
     * a loop starts when the last one was told, so ticks never pile up. Never ends; starts at subscription.
     *
     * @param period how long a timer runs
     */
    public Flux<Duration> delays(Duration period) {
        return Flux.fromIterable(serving).flatMap(loop -> delay(loop, period).repeat(), eventLoops, 1);
    }

    private static Mono<Duration> delay(EventExecutor loop, Duration period) {
        Scheduler timer = Schedulers.fromExecutorService(loop);
        return Mono.create(sink -> {
            long due = System.nanoTime() + period.toNanos();
            Runnable tick = () -> sink.success(Duration.ofNanos(System.nanoTime() - due));
            sink.onDispose(timer.schedule(tick, period.toNanos(), TimeUnit.NANOSECONDS));
        });
    }

    /**
     * Where many bytes are read, written and digested: threads of their own, as many as there are event loops and four at the
     * least, so that a blocking call that is soon done need not wait behind them.
     */
    public Scheduler bulk() {
        return bulk;
    }

    /** Ends all threads and waits for them, for 5 seconds at most. Blocking calls under way are interrupted. */
    @Override
    public void close() {
        blocking.dispose();
        bulk.dispose();
        Stream.of(computing, serving)
                .map(threads -> threads.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS))
                .toList()
                .forEach(end -> end.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS));
    }

    /** Threads that must never block, and say so. */
    private static final class ComputingThreads implements ThreadFactory {

        private final AtomicInteger count = new AtomicInteger();

        @Override
        public Thread newThread(Runnable work) {
            Thread thread = new ComputingThread(work, "mirror-ingest-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        }
    }

    private static final class ComputingThread extends FastThreadLocalThread implements NonBlocking {
        ComputingThread(Runnable work, String name) {
            super(work, name);
        }
    }
}
