package io.github.mirrorservice.mirror.archive.upstream;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * How much a host may cost.
 *
 * @param userAgent who asks
 * @param connect how long a connection may take to open, and TLS on it
 * @param response how long the head of an answer may take after that
 * @param stall how long a body may pause
 * @param total how long one request of a chain of redirects may take; waiting for its turn is not counted
 * @param slowest bytes a second that a body must come with on average, once it has come for as long as a pause may be
 * @param largest bytes of the largest archive
 * @param redirects how many redirects are followed
 * @param perHost requests under way to one host
 * @param together requests under way in all
 * @param waiting requests that wait for their turn; more are refused
 */
public record UpstreamSettings(
        String userAgent,
        Duration connect,
        Duration response,
        Duration stall,
        Duration total,
        long slowest,
        long largest,
        int redirects,
        int perHost,
        int together,
        int waiting) {

    /** Refuses a bound that lets nothing through. */
    public UpstreamSettings {
        if (Stream.of(connect, response, stall, total).anyMatch(time -> time.isNegative() || time.isZero())
                || Math.min(slowest, largest) < 1
                || Math.min(perHost, together) < 1
                || Math.min(redirects, waiting) < 0) {
            throw new IllegalArgumentException("every time, rate, size and number must be positive");
        }
    }

    /** Archives are megabytes: what takes longer or is larger is no archive that anybody waits for. */
    public static UpstreamSettings standard(String userAgent) {
        return new UpstreamSettings(
                userAgent,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofMinutes(30),
                1_024,
                2L << 30,
                5,
                6,
                16,
                20_000);
    }

    Duration head() {
        return connect.plus(response);
    }
}
