package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogLineTest {

    @Test
    void a_line_tells_time_level_and_message() {
        assertThat(line(Level.INFO, "published {}", null)).isEqualTo("2026-08-22T10:00:00.500Z INFO  published this\n");
        assertThat(line(Level.ERROR, "broke off", null)).startsWith("2026-08-22T10:00:00.500Z ERROR broke off");
    }

    @Test
    void what_a_remote_says_stays_on_its_line() {
        assertThat(line(Level.WARN, "remote: a\r\nb\u001b[31mc", null)).endsWith("remote: a b [31mc\n");
    }

    @Test
    void a_failure_brings_its_stack() {
        assertThat(line(Level.ERROR, "broke off", new IllegalStateException("why")))
                .contains("broke off\njava.lang.IllegalStateException: why\n\tat ");
    }

    private static String line(Level level, String message, @Nullable Throwable failure) {
        LoggerContext context = new LoggerContext();
        LoggingEvent event =
                new LoggingEvent("test", context.getLogger("test"), level, message, failure, new Object[] {"this"});
        event.setInstant(Instant.parse("2026-08-22T10:00:00.5Z"));
        return new LogLine().doLayout(event);
    }
}
