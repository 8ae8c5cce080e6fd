package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ProgressLineTest {

    private final StringWriter err = new StringWriter();
    private long now = 1_000;

    @Test
    void on_a_terminal_a_bar_is_drawn_over_itself_and_taken_away() {
        try (ProgressLine line = line(true)) {
            pass(100);
            line.show("objects", 9_000, 18_000);
            pass(99);
            line.show("objects", 9_001, 18_000);
            pass(1);
            line.show("objects", 18_000, 18_000);
        }

        assertThat(err)
                .hasToString("\r\u001b[K[###############               ] 9,000 of 18,000 objects"
                        + "\r\u001b[K[##############################] 18,000 of 18,000 objects"
                        + "\r\u001b[K");
    }

    @Test
    void elsewhere_there_is_a_line_now_and_then() {
        try (ProgressLine line = line(false)) {
            for (int done = 0; done < 25; done++) {
                pass(1_000);
                line.show("archives", done, 0);
            }
        }

        assertThat(err.toString().lines()).containsExactly("9 archives", "19 archives");
    }

    @Test
    void what_is_soon_done_says_nothing() {
        try (ProgressLine line = line(true)) {
            line.show("archives", 1, 2);
            line.show("archives", 2, 2);
        }

        assertThat(err.toString()).isEmpty();
    }

    private ProgressLine line(boolean isTerminal) {
        return new ProgressLine(new PrintWriter(err), isTerminal, () -> now);
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
