package io.github.mirrorservice.mirror.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * How long a request had to wait for an event loop, moment by moment: what {@link Meters#DELAY} counts, in its order. The
 * time around one ingest is kept for people to look at; of all else the last 17 minutes are. It may be told and asked by
 * any thread.
 */
public final class Waits {

    private static final Duration MOMENT = Duration.ofMillis(250);

    /** Longer than any ingest. */
    private static final int MOMENTS = 4_096;

    /** So many are shown before the ingest and after it, for comparison. */
    private static final int AROUND = 20;

    /** A longer stretch is shown in coarser moments. */
    private static final int MOST_SHOWN = 160;

    private final BooleanSupplier ingesting;
    private final LongSupplier nanoTime;
    private final long[] numbers = new long[MOMENTS];
    private final long[] longest = new long[MOMENTS];
    private final boolean[] ingested = new boolean[MOMENTS];
    private Optional<Stretch> unfinished = Optional.empty();
    private Optional<Trace> kept = Optional.empty();

    /** Nothing is known yet; {@code ingesting} is asked whether an ingest runs now. */
    public Waits(BooleanSupplier ingesting) {
        this(ingesting, System::nanoTime);
    }

    Waits(BooleanSupplier ingesting, LongSupplier nanoTime) {
        this.ingesting = ingesting;
        this.nanoTime = nanoTime;
        LongStream.range(0, MOMENTS).forEach(slot -> numbers[(int) slot] = Long.MIN_VALUE);
    }

    /**
     * One moment, or several one after the other.
     *
     * @param longest the longest wait
     * @param ingesting whether an ingest ran
     */
    public record Moment(Duration longest, boolean ingesting) {

        private Moment with(Moment other) {
            return new Moment(
                    longest.compareTo(other.longest) > 0 ? longest : other.longest, ingesting || other.ingesting);
        }
    }

    /**
     * Moments of equal length, one after the other.
     *
     * @param length how long each of them is
     */
    public record Trace(Duration length, List<Moment> moments) {

        /** The longest wait while an ingest ran, or while none did; zero if that never was. */
        public Duration longest(boolean ingesting) {
            return moments.stream()
                    .filter(moment -> moment.ingesting == ingesting)
                    .map(Moment::longest)
                    .reduce(Duration.ZERO, (one, other) -> one.compareTo(other) > 0 ? one : other);
        }

        private static Trace of(List<Moment> moments) {
            int joined = Math.max(1, (moments.size() + MOST_SHOWN - 1) / MOST_SHOWN);
            List<Moment> coarser = new ArrayList<>();
            for (int from = 0; from < moments.size(); from += joined) {
                moments.subList(from, Math.min(from + joined, moments.size())).stream()
                        .reduce(Moment::with)
                        .ifPresent(coarser::add);
            }
            return new Trace(MOMENT.multipliedBy(joined), List.copyOf(coarser));
        }
    }

    /** A request that came so many nanoseconds ago could only be looked at now. */
    public synchronized void waited(long nanos) {
        long now = nanoTime.getAsLong();
        boolean ingestsNow = ingesting.getAsBoolean();
        long last = number(now);
        for (long number = Math.max(number(now - nanos), last - MOMENTS + 1); number <= last; number++) {
            note(number, nanos, ingestsNow);
        }
        unfinished.filter(stretch -> stretch.last < last).ifPresent(this::finish);
    }

    /** Keeps the time around an ingest that ends now, in place of what was kept before. */
    public synchronized void keep(Duration took) {
        long now = nanoTime.getAsLong();
        unfinished = Optional.of(new Stretch(number(now - took.toNanos()) - AROUND, number(now) + AROUND));
    }

    /** The time around the ingest that was kept last, as far as it is over. */
    public synchronized Optional<Trace> last() {
        return unfinished.map(this::trace).or(() -> kept);
    }

    private void note(long number, long nanos, boolean ingestsNow) {
        int slot = slot(number);
        if (numbers[slot] != number) {
            numbers[slot] = number;
            longest[slot] = 0;
            ingested[slot] = false;
        }
        longest[slot] = Math.max(longest[slot], nanos);
        ingested[slot] |= ingestsNow;
    }

    private void finish(Stretch stretch) {
        kept = Optional.of(trace(stretch));
        unfinished = Optional.empty();
    }

    private Trace trace(Stretch stretch) {
        return Trace.of(LongStream.rangeClosed(stretch.first, stretch.last)
                .filter(number -> numbers[slot(number)] == number)
                .mapToObj(Waits::slot)
                .map(slot -> new Moment(Duration.ofNanos(longest[slot]), ingested[slot]))
                .toList());
    }

    private static int slot(long number) {
        return (int) Math.floorMod(number, (long) MOMENTS);
    }

    private static long number(long nanos) {
        return Math.floorDiv(nanos, TimeUnit.MILLISECONDS.toNanos(MOMENT.toMillis()));
    }

    /** Moments by their numbers. */
    private record Stretch(long first, long last) {}
}
