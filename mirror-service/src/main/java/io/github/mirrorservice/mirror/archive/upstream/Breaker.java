package io.github.mirrorservice.mirror.archive.upstream;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Lets hosts rest that fail again and again. After a rest one more failure brings the next, twice as long; a success ends all.
 */
final class Breaker {

    private static final int FAILURES = 5;
    private static final Duration SHORTEST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int MOST_HOSTS = 10_000;

    private final InstantSource clock;
    private final Map<String, Health> hosts = new Hosts();

    Breaker(InstantSource clock) {
        this.clock = clock;
    }

    /** Why the host may not be asked now, if so. */
    synchronized Optional<ArchiveException.Source> refusal(String host) {
        return Optional.ofNullable(hosts.get(host))
                .map(health -> Duration.between(clock.instant(), health.until))
                .filter(rest -> !rest.isNegative() && !rest.isZero())
                .map(rest -> new ArchiveException.Source(
                        Reason.RESTING,
                        "%s failed so often, or asked for it, that it is left alone for another %d s"
                                .formatted(host, Math.max(1, rest.toSeconds())),
                        Optional.of(rest)));
    }

    synchronized void succeeded(String host) {
        hosts.remove(host);
    }

    /** Counts a failure; what was under way when a rest began does not make it longer, unless the host asks for that. */
    synchronized void failed(String host, ArchiveException.Source failure) {
        Instant now = clock.instant();
        Health known = hosts.getOrDefault(host, new Health(0, Duration.ZERO, now));
        Health next = known.until.isAfter(now) ? known : known.after(now);
        hosts.put(host, failure.retryAfter().map(now::plus).map(next::notBefore).orElse(next));
    }

    private record Health(int failures, Duration rest, Instant until) {

        Health after(Instant now) {
            int count = Math.min(failures + 1, FAILURES);
            if (count < FAILURES) {
                return new Health(count, rest, now);
            }
            Duration next = rest.isZero() ? SHORTEST : rest.multipliedBy(2);
            Duration bounded = next.compareTo(LONGEST) > 0 ? LONGEST : next;
            return new Health(count, bounded, now.plus(bounded));
        }

        Health notBefore(Instant earliest) {
            return earliest.isAfter(until) ? new Health(failures, rest, earliest) : this;
        }
    }

    /** Forgets the host that failed first when there are too many. */
    private static final class Hosts extends LinkedHashMap<String, Health> {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Health> eldest) {
            return size() > MOST_HOSTS;
        }
    }
}
