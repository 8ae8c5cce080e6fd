package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BreakerTest {

    @Test
    void the_host_that_failed_first_is_forgotten_when_there_are_too_many() {
        Breaker breaker = new Breaker(() -> Instant.EPOCH);
        ArchiveException.Source busy =
                new ArchiveException.Source(Reason.BUSY, "busy", Optional.of(Duration.ofMinutes(1)));
        for (int host = 0; host < 10_000; host++) {
            breaker.failed("h" + host, busy);
        }
        assertThat(breaker.refusal("h0")).isPresent();
        breaker.failed("one more", busy);
        assertThat(breaker.refusal("h0")).isEmpty();
        assertThat(breaker.refusal("h1")).isPresent();
        assertThat(breaker.refusal("one more")).isPresent();
    }
}
