package io.github.mirrorservice.mirror.prove;

import static io.github.mirrorservice.mirror.prove.Traces.SHARED_ALONE;
import static io.github.mirrorservice.mirror.prove.Traces.nanos;
import static io.github.mirrorservice.mirror.prove.Traces.sample;
import static io.github.mirrorservice.mirror.prove.Traces.trace;
import static io.github.mirrorservice.mirror.prove.Traces.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.prove.Window.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TraceTest {

    private final Trace trace = trace(
            SHARED_ALONE,
            List.of(
                    sample(0, 2), // idle
                    sample(8, 12), // ends in the fetch
                    sample(40, 90), // in both
                    sample(100, 103), // while it is asked for its metrics
                    sample(110, 111)), // idle
            window(Kind.FETCH, 10, 50),
            window(Kind.COMPUTE, 50, 100),
            window(Kind.QUESTION, 100, 105));

    @Test
    void a_request_that_meets_an_ingest_for_a_moment_counts_with_it() {
        assertThat(trace.running().count()).isEqualTo(2);
        assertThat(trace.running().max()).isEqualTo(50);
    }

    @Test
    void idle_is_what_meets_nothing_at_all() {
        assertThat(trace.idle().count()).isEqualTo(2);
        assertThat(trace.idle().max()).isEqualTo(2);
    }

    @Test
    void a_silence_belongs_to_what_it_lay_in_for_the_most_part() {
        assertThat(trace.longestSilence(Optional.of(Kind.COMPUTE))).isEqualTo(50);
        assertThat(trace.longestSilence(Optional.of(Kind.FETCH))).isEqualTo(4);
        assertThat(trace.longestSilence(Optional.empty())).isEqualTo(2);
    }

    @Test
    void failures_and_own_delays_are_told() {
        Sample late = new Sample(nanos(0), nanos(7), nanos(8), false);

        Trace failing = trace(SHARED_ALONE, List.of(sample(0, 2), late));

        assertThat(failing.failed()).isEqualTo(1);
        assertThat(failing.ownDelay()).isEqualTo(7);
    }

    @Test
    void quantiles_are_those_of_the_samples_themselves() {
        List<Sample> hundred =
                LongStream.rangeClosed(1, 100).mapToObj(i -> sample(0, i)).toList();

        Latencies latencies = Latencies.of(hundred);

        assertThat(latencies.quantile(0.5)).isEqualTo(50);
        assertThat(latencies.quantile(0.99)).isEqualTo(99);
        assertThat(latencies.quantile(0.999)).isEqualTo(100);
        assertThat(Latencies.of(List.of()).max()).isZero();
    }
}
