package io.github.mirrorservice.mirror.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScrapeTest {

    /** What Prometheus 2.42 sends. */
    private static final String PROMETHEUS =
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                    + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private final Scrape scrape = new Scrape();

    @Test
    void whoever_names_openmetrics_gets_it() {
        Meters.HELD.counter(scrape.registry(), "remote", "empty").increment();

        Scrape.Text text = scrape.text(PROMETHEUS);

        assertThat(text.contentType()).isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(text.body()).contains("# TYPE mirror_publish_held counter").endsWith("# EOF\n");
    }

    @Test
    void everyone_else_gets_the_text_format() {
        Meters.HELD.counter(scrape.registry(), "remote", "empty").increment();

        assertThat(scrape.text("*/*")).isEqualTo(scrape.text(""));
        assertThat(scrape.text("").contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(scrape.text("").body())
                .contains("# TYPE mirror_publish_held_total counter")
                .contains("mirror_publish_held_total{reason=\"empty\",repository=\"remote\"} 1.0");
    }

    @Test
    void two_meters_of_one_name_and_different_labels_are_refused_at_registration() {
        Meters.HELD.counter(scrape.registry(), "remote", "empty");

        assertThatThrownBy(() -> scrape.registry().gauge("mirror.publish.held.total", 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_process_tells_its_build_and_its_state(@TempDir Path directory) {
        try (ProcessMeters process = new ProcessMeters(scrape.registry(), "1.2.3", "0123abc", directory)) {
            assertThat(process).isNotNull();
            assertThat(scrape.text("").body())
                    .contains("mirror_build_info{commit=\"0123abc\",java=\"" + System.getProperty("java.version")
                            + "\",version=\"1.2.3\"} 1")
                    .contains("jvm_memory_used_bytes{")
                    .contains("jvm_threads_live_threads ")
                    .contains("jvm_classes_loaded_classes ")
                    .contains("process_uptime_seconds ")
                    .contains("process_files_open_files ")
                    .contains("process_cpu_usage ")
                    .containsPattern("disk_free_bytes\\{path=\"" + directory + "\"} [1-9]")
                    .containsPattern("disk_total_bytes\\{path=\"" + directory + "\"} [1-9]")
                    .doesNotContain("process_cpu_time_ns")
                    .doesNotContain("system_cpu_count ");
        }
    }
}
