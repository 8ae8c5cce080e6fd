package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The guard's own clock: it breaks a fetch off also where no thread is left for a timer. */
final class FetchGuardTest {

    private static FetchGuard within(Duration total) {
        return new FetchGuard(new GitLimits(
                new GitLimits.Exchange(Duration.ofMinutes(1), total, 1 << 20),
                GitLimits.STANDARD.pack(),
                GitLimits.STANDARD.tree()));
    }

    @Test
    void a_fetch_that_takes_too_long_fails_at_its_next_step() throws InterruptedException {
        FetchGuard guard = within(Duration.ofMillis(1));
        Thread.sleep(10);
        assertThatThrownBy(guard::check)
                .isInstanceOf(GitException.Unreachable.class)
                .hasMessageContaining("limit");
    }

    @Test
    void a_fetch_goes_on_until_it_is_broken_off() {
        FetchGuard guard = within(Duration.ofHours(1));
        assertThatCode(guard::check).doesNotThrowAnyException();
        guard.cut();
        assertThatThrownBy(guard::check).isInstanceOf(GitException.Unreachable.class);
    }
}
