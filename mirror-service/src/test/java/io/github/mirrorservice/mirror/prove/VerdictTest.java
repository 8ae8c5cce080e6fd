package io.github.mirrorservice.mirror.prove;

import static io.github.mirrorservice.mirror.prove.Traces.SHARED_ALONE;
import static io.github.mirrorservice.mirror.prove.Traces.sample;
import static io.github.mirrorservice.mirror.prove.Traces.trace;
import static io.github.mirrorservice.mirror.prove.Traces.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.prove.Window.Kind;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final Trace SLICE_OFF = silent(SHARED_ALONE.withSlice(false), 1_000);

    @Test
    void it_is_available_if_computing_makes_no_silence() {
        Verdict verdict = Verdict.of(List.of(silent(SHARED_ALONE, 4), SLICE_OFF));

        assertThat(verdict.available()).isTrue();
        assertThat(verdict.lines().get(1)).contains(" 4.00 ", "slice off: 1000").doesNotContain("MISSED");
    }

    @Test
    void it_is_not_if_computing_makes_a_silence() {
        Verdict verdict = Verdict.of(List.of(silent(SHARED_ALONE, 26), SLICE_OFF));

        assertThat(verdict.available()).isFalse();
        assertThat(verdict.lines().get(1)).contains("MISSED");
    }

    @Test
    void it_is_available_on_a_busy_machine_though_not_as_it_should_be() {
        Verdict verdict = Verdict.of(List.of(silent(SHARED_ALONE, 24), SLICE_OFF));

        assertThat(verdict.available()).isTrue();
        assertThat(verdict.lines().get(1)).contains("MISSED");
    }

    @Test
    void it_is_not_if_one_request_failed() {
        Trace failing = trace(SHARED_ALONE, List.of(new Sample(0, 0, 1, false)));

        assertThat(Verdict.of(List.of(failing, SLICE_OFF)).available()).isFalse();
    }

    @Test
    void what_fails_without_cooperation_does_not_count() {
        Trace failing = trace(
                SHARED_ALONE.withSlice(false),
                List.of(new Sample(0, 0, 1, false), sample(1, 500)),
                window(Kind.COMPUTE, 0, 500));

        assertThat(Verdict.of(List.of(silent(SHARED_ALONE, 4), failing)).available())
                .isTrue();
    }

    @Test
    void the_report_writes_what_programs_can_read() throws Exception {
        Report report = new Report(List.of(silent(SHARED_ALONE, 4), SLICE_OFF));

        assertThat(report.json()).contains("\"silence_compute\":1000.000", "\"slice\":false");
        assertThat(report.table().lines()).hasSize(4);
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(report.picture().getBytes(StandardCharsets.UTF_8)))
                        .getElementsByTagName("g")
                        .getLength())
                .isEqualTo(3);
    }

    /** A trace with so many milliseconds of silence while it computed. */
    private static Trace silent(Cell cell, long millis) {
        return trace(cell, List.of(sample(0, 1), sample(1, 1 + millis)), window(Kind.COMPUTE, 1, 2_000));
    }
}
