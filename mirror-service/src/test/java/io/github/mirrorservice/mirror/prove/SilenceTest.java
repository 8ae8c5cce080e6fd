package io.github.mirrorservice.mirror.prove;

import static io.github.mirrorservice.mirror.prove.Traces.nanos;
import static io.github.mirrorservice.mirror.prove.Traces.sample;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SilenceTest {

    @Test
    void a_pause_in_which_nobody_waited_is_none() {
        assertThat(Silence.in(List.of(sample(0, 1), sample(500, 502))))
                .containsExactly(new Silence(nanos(0), nanos(1)), new Silence(nanos(500), nanos(502)));
    }

    @Test
    void it_begins_with_the_last_answer_if_somebody_waited_already() {
        assertThat(Silence.in(List.of(sample(0, 10), sample(5, 30))))
                .containsExactly(new Silence(nanos(0), nanos(10)), new Silence(nanos(10), nanos(30)));
    }

    @Test
    void whoever_is_answered_later_waits_too() {
        assertThat(Silence.in(List.of(sample(0, 1), sample(20, 100), sample(10, 200))))
                .containsExactly(
                        new Silence(nanos(0), nanos(1)),
                        new Silence(nanos(10), nanos(100)),
                        new Silence(nanos(100), nanos(200)));
    }

    @Test
    void what_was_not_sent_does_not_wait_for_the_mirror() {
        Sample late = new Sample(nanos(10), nanos(40), nanos(41), true);

        assertThat(Silence.in(List.of(sample(0, 1), late)))
                .containsExactly(new Silence(nanos(0), nanos(1)), new Silence(nanos(40), nanos(41)));
    }

    @Test
    void a_failure_is_no_answer() {
        Sample refused = new Sample(nanos(10), nanos(10), nanos(11), false);

        assertThat(Silence.in(List.of(sample(0, 1), refused, sample(12, 50))))
                .containsExactly(new Silence(nanos(0), nanos(1)), new Silence(nanos(10), nanos(50)));
    }

    @Test
    void the_order_in_which_samples_are_given_does_not_matter() {
        assertThat(Silence.in(List.of(sample(5, 30), sample(0, 10))))
                .isEqualTo(Silence.in(List.of(sample(0, 10), sample(5, 30))));
    }
}
