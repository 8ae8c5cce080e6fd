package io.github.mirrorservice.mirror.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * How many requests that are worth refusing may be in flight, each from its head to the last byte handed to the socket, and which
 * are turned away when it is too many: those of a low {@link Rank} first.
 *
 * <p>There is a ceiling, for which there is room. Below it the limit follows what waiting requests feel: while timers on the
 * event loops are late on average it falls below what is in flight, by a sixteenth each time, and else rises by a constant,
 * as TCP's congestion window does (Chiu and Jain, 1989). A single pause, such as a garbage collection, moves the average too
 * little to count.
 */
public final class Capacity {

    /** Of those who need none: operators, who are few. */
    static final Capacity ENDLESS = new Capacity(Integer.MAX_VALUE, 1, rank -> {});

    /** Twice what the objective allows a whole answer: see {@code helm/rules/alerts.yaml}. */
    private static final double LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Of the last delay of each event loop in the average: at twenty a second half of it is forgotten in a third of one. */
    private static final double WEIGHT = 0.1;

    /** A single pause is no overload, however long: by itself it must not make the average late. */
    private static final double LONGEST_NANOS = 0.8 * LATE_NANOS / WEIGHT;

    private static final int DECREASE = 16;
    private static final int STEPS = 64;

    /** So many are never too many for an archive: more than may look on at the page, {@link StatusEvents#MOST}. */
    private static final int FLOOR = 256;

    /** What a request in flight takes of the heap at the most. */
    private static final int REQUEST_BYTES = 8 * 1024;

    /** Of the heap, for requests; as much again is for the ingest, and the rest for what is kept. */
    private static final int PART_OF_HEAP = 3;

    private final int ceiling;
    private final double weight;
    private final Consumer<Rank> shed;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile int limit;
    private double felt;

    /**
     * Nothing is in flight yet.
     *
     * @param ceiling how many requests there is room for, 1 or more
     * @param loops how many event loops tell how late they are, 1 or more
     * @param shed told of each request that is turned away
     */
    public Capacity(int ceiling, int loops, Consumer<Rank> shed) {
        this.ceiling = ceiling;
        this.weight = WEIGHT / loops;
        this.shed = shed;
        this.limit = ceiling;
    }

    /** For how many requests there is room in a heap of so many bytes. */
    public static int room(long heapBytes) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(FLOOR, heapBytes / PART_OF_HEAP / REQUEST_BYTES));
    }

    /** How many requests are in flight. */
    public int inFlight() {
        return inFlight.get();
    }

    /** How many may be in flight for an archive to be served. */
    public int limit() {
        return limit;
    }

    /** For so long would a request have waited for its event loop; told many times a second, by any thread. */
    public synchronized void waited(long nanos) {
        felt += (Math.min((double) nanos, LONGEST_NANOS) - felt) * weight;
        limit = felt > LATE_NANOS ? lower() : Math.min(ceiling, limit + Math.max(1, ceiling / STEPS));
    }

    private int lower() {
        int now = Math.min(limit, inFlight.get());
        return Math.max(Math.min(FLOOR, ceiling), now - now / DECREASE);
    }

    /** A request has begun. */
    void enter() {
        inFlight.incrementAndGet();
    }

    /** It has ended. */
    void leave() {
        inFlight.decrementAndGet();
    }

    /** Whether one of the requests in flight may be answered; if not, it counts as turned away. */
    boolean admits(Rank rank) {
        boolean admitted = inFlight.get() <= rank.share(limit);
        if (!admitted) {
            shed.accept(rank);
        }
        return admitted;
    }
}
