package io.github.mirrorservice.mirror.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

    private final LongSupplier nanoTime;
    private final long[] numbers = new long[MOMENTS];
    private final long[] longest = new long[MOMENTS];
    private Optional<Ingest> unfinished = Optional.empty();
    private Optional<Trace> kept = Optional.empty();

    /** Nothing is known yet. */
    public Waits() {
        this(System::nanoTime);
    }

    Waits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        Arrays.fill(numbers, Long.MIN_VALUE);
    }

    /**
     * One moment, or several one after the other.
     *
     * @param longest the longest wait
     * @param ingesting whether the ingest ran
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

        /** The longest wait while the ingest ran, or before and after; zero if nothing is known of that time. */
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
        long last = number(now);
        for (long number = Math.max(number(now - nanos), last - MOMENTS + 1); number <= last; number++) {
            note(number, nanos);
        }
        unfinished.filter(ingest -> ingest.last + AROUND < last).ifPresent(this::finish);
    }

    /** Keeps the time around an ingest that ends now, in place of what was kept before. */
    public synchronized void keep(Duration took) {
        long now = nanoTime.getAsLong();
        unfinished = Optional.of(new Ingest(number(now - took.toNanos()), number(now)));
    }

    /** The time around the ingest that was kept last, as far as it is over. */
    public synchronized Optional<Trace> last() {
        return unfinished.map(this::trace).or(() -> kept);
    }

    private void note(long number, long nanos) {
        int slot = slot(number);
        longest[slot] = numbers[slot] == number ? Math.max(longest[slot], nanos) : nanos;
        numbers[slot] = number;
    }

    private void finish(Ingest ingest) {
        kept = Optional.of(trace(ingest));
        unfinished = Optional.empty();
    }

    private Trace trace(Ingest ingest) {
        return Trace.of(LongStream.rangeClosed(ingest.first - AROUND, ingest.last + AROUND)
                .filter(number -> numbers[slot(number)] == number)
                .mapToObj(number -> new Moment(Duration.ofNanos(longest[slot(number)]), ingest.ranAt(number)))
                .toList());
    }

    private static int slot(long number) {
        return (int) Math.floorMod(number, (long) MOMENTS);
    }

    private static long number(long nanos) {
        return Math.floorDiv(nanos, MOMENT.toNanos());
    }

    /** The numbers of its first and its last moment. */
    private record Ingest(long first, long last) {

        boolean ranAt(long number) {
            return number >= first && number <= last;
        }
    }
}
