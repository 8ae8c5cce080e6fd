package io.github.mirrorservice.mirror.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FailuresTest {

    @Test
    void a_disk_that_was_full_for_long_does_not_make_a_source_wait() {
        ManualClock clock = new ManualClock(Instant.EPOCH);
        Failures failures = new Failures(clock);
        Wanted wanted = new Wanted(List.of(
                new Claim(List.of(Bytes.digests(Bytes.random(1, 10)).sha256()), List.of("http://origin.example/a"))));
        for (int i = 0; i < 20; i++) {
            failures.add(wanted, List.of());
        }
        failures.add(
                wanted,
                List.of(new SourceFailure(
                        SourceFailure.Kind.ORIGIN, "origin.example", Reason.TIMEOUT, "slow", Optional.empty())));
        assertThat(failures.of(wanted).orElseThrow().nextTry())
                .isEqualTo(clock.instant().plus(Duration.ofMinutes(2)));
    }
}
