package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.metrics.Meters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The metrics that alerts and the dashboard ask for, and those that a mirror has. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WatchedMetricsTest {

    private static final Path HELM = Path.of("..", "helm");
    private static final Pattern METRIC = Pattern.compile("\\b(mirror|http_server|jvm|process|disk)_[a-z0-9_]+\\b");

    private Set<String> exported = Set.of();

    @BeforeAll
    void scrape(@TempDir Path directory) {
        try (Upstream upstream = Upstream.withPackages(directory.resolve("git"), "a.1");
                RunningMirror mirror = RunningMirror.of(upstream.url(), directory.resolve("data"))) {
            mirror.sync();
            String text = new String(mirror.getManagement("/metrics").body(), UTF_8);
            exported = text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("[{ ]", 2)[0])
                    .collect(Collectors.toSet());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rules/alerts.yaml", "rules/alerts-test.yaml", "dashboards/mirror-service.json"})
    void every_metric_that_is_asked_for_is_there(String file) throws IOException {
        Set<String> asked = METRIC.matcher(Files.readString(HELM.resolve(file)))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
        assertThat(asked).hasSizeGreaterThan(10);
        assertThat(asked).allSatisfy(name -> assertThat(isKnown(name)).as(name).isTrue());
    }

    /** What has a label that comes with its first event is not exported before. */
    private boolean isKnown(String name) {
        return exported.contains(name)
                || Stream.of(Meters.values())
                        .flatMap(meter -> Stream.of("", "_bucket", "_count", "_sum", "_max")
                                .map(suffix -> meter.prometheusName() + suffix))
                        .anyMatch(name::equals);
    }

    @Test
    void what_needs_no_event_is_exported_from_the_start() {
        assertThat(exported)
                .containsAll(List.of(
                        "mirror_build_info",
                        "mirror_http_connections",
                        "mirror_snapshot_packages",
                        "mirror_archives",
                        "disk_free_bytes",
                        "disk_total_bytes",
                        "jvm_memory_used_bytes",
                        "process_cpu_usage"));
    }
}
