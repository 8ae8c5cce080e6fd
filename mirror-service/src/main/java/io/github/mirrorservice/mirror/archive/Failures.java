package io.github.mirrorservice.mirror.archive;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The archives that could not be had, and why: nothing is forgotten before it is there. An archive is asked for at once
 * again only after a moment, so that clients who insist do not become a burden to its sources.
 */
public final class Failures {

    private static final Duration MOMENT = Duration.ofSeconds(10);
    private static final Duration LONG_MOMENT = Duration.ofMinutes(1);
    private static final Duration LONGEST_MOMENT = Duration.ofMinutes(5);
    private static final Duration STORE_PAUSE = Duration.ofSeconds(15);
    private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 9;

    private final Map<Digest, Failure> byKey = new ConcurrentHashMap<>();
    private final Clock clock;

    /** No failures yet. */
    public Failures(Clock clock) {
        this.clock = clock;
    }

    /**
     * An archive that could not be had.
     *
     * @param wanted the archive
     * @param why what each source said; nothing if no source failed but the store did
     * @param when when it was tried last
     * @param times how often in a row it was tried, 1 or more
     */
    public record Failure(Wanted wanted, List<SourceFailure> why, Instant when, int times) {

        /**
         * When it is worth another try that nobody waits for: after two minutes, and twice as long each time, up to half a day.
         * Soon if the store failed, since space may come back at any moment.
         */
        public Instant nextTry() {
            return why.isEmpty()
                    ? when.plus(STORE_PAUSE)
                    : when.plus(SHORTEST_PAUSE.multipliedBy(1L << Math.min(times, MOST_DOUBLINGS)));
        }

        /** How often in a row with one more: what the store failed at says nothing of the sources. */
        private int timesWith(List<SourceFailure> next) {
            return why.isEmpty() == next.isEmpty() ? times + 1 : 1;
        }

        /** Until when it is not tried for a client either. */
        Instant nextMoment() {
            boolean passing = why.isEmpty()
                    || why.stream().anyMatch(source -> source.reason().passing());
            Duration asked = why.stream()
                    .flatMap(source -> source.retryAfter().stream())
                    .min(Comparator.naturalOrder())
                    .orElse(passing ? MOMENT : LONG_MOMENT);
            return when.plus(asked.compareTo(LONGEST_MOMENT) > 0 ? LONGEST_MOMENT : asked);
        }
    }

    /** Takes note of a failure. */
    void add(Wanted wanted, List<SourceFailure> why) {
        byKey.compute(
                wanted.key(),
                (key, earlier) ->
                        new Failure(wanted, why, clock.instant(), earlier == null ? 1 : earlier.timesWith(why)));
    }

    /** It is there after all. */
    void clear(Wanted wanted) {
        byKey.remove(wanted.key());
    }

    /** Forgets those that nobody wants any more. */
    public void retain(Predicate<Wanted> stillWanted) {
        byKey.values().removeIf(failure -> !stillWanted.test(failure.wanted()));
    }

    /** The failure of an archive, if the last try failed. */
    public Optional<Failure> of(Wanted wanted) {
        return Optional.ofNullable(byKey.get(wanted.key()));
    }

    /** Whether it is too early to try again. */
    boolean isTooEarly(Wanted wanted) {
        return of(wanted)
                .filter(failure -> clock.instant().isBefore(failure.nextMoment()))
                .isPresent();
    }

    /** All of them, in no particular order. */
    public List<Failure> all() {
        return List.copyOf(byKey.values());
    }
}
