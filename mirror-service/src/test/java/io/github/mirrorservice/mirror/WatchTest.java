package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.metrics.Meters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What watches the mirror reads what the mirror shows: the rules of Prometheus and the dashboard of Grafana. */
final class WatchTest {

    private static final Path HELM = Path.of("..", "helm");

    /** What Prometheus itself adds. */
    private static final Set<String> OF_PROMETHEUS = Set.of("up", "ALERTS");

    private static final Set<String> ON_EVERY_SERIES = Set.of("job", "instance", "le");

    private static final Pattern SAMPLE = Pattern.compile("(?m)^(?<name>[a-z]\\w*)(?:\\{(?<labels>.*)})? \\S+$");
    private static final Pattern SELECTOR = Pattern.compile("(?<name>[\\w:]+)\\{(?<labels>[^}]*)}");
    private static final Pattern LABEL = Pattern.compile("(?<label>\\w+)(?:=|!)");
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern NO_METRICS = Pattern.compile(
            "\\{[^}]*}|\\[[^]]*]|\\b(?:by|without|on|ignoring) *\\([^)]*\\)|\\b(?:group_left|group_right|and|or|unless)\\b");
    private static final Pattern METRIC = Pattern.compile("(?<![\\w:])[a-zA-Z_:][\\w:]*+(?! *\\()");

    @Test
    void every_series_that_a_rule_or_the_dashboard_reads_is_one_that_a_mirror_shows(@TempDir Path directory)
            throws IOException {
        Map<String, Set<String>> shown = shown(directory);
        Set<String> recorded = new HashSet<>();
        rules().filter(rule -> rule.containsKey("record")).forEach(rule -> recorded.add(text(rule, "record")));

        assertThat(expressions()).hasSizeGreaterThan(50).allSatisfy(expression -> {
            assertThat(metrics(expression)).isNotEmpty().allSatisfy(metric -> assertThat(
                            shown.containsKey(metric) || recorded.contains(metric) || OF_PROMETHEUS.contains(metric))
                    .as("%s in %s", metric, expression)
                    .isTrue());
            assertLabels(expression, shown);
        });
    }

    @Test
    void every_alert_says_how_severe_it_is_what_it_means_and_what_to_do() throws IOException {
        List<Map<?, ?>> alerts =
                rules().filter(rule -> rule.containsKey("alert")).toList();

        assertThat(alerts).hasSizeGreaterThan(10).allSatisfy(alert -> {
            assertThat(text(map(alert, "labels"), "severity")).isIn("critical", "warning");
            assertThat(Stream.of("summary", "description", "runbook")
                            .map(each -> text(map(alert, "annotations"), each)))
                    .allSatisfy(words -> assertThat(words).isNotBlank());
        });
    }

    @Test
    void panels_are_explained_and_lie_beside_each_other() throws IOException {
        Set<Object> ids = new HashSet<>();
        Set<List<Integer>> taken = new HashSet<>();

        assertThat(panels()).allSatisfy(panel -> {
            assertThat(ids.add(panel.get("id"))).isTrue();
            assertThat(text(panel, "type").equals("row")
                            || !text(panel, "description").isBlank())
                    .as("%s is explained", panel.get("title"))
                    .isTrue();
            place(panel).forEach(square -> {
                assertThat(square.get(0)).isLessThan(24);
                assertThat(taken.add(square))
                        .as("%s is on another", panel.get("title"))
                        .isTrue();
            });
        });
    }

    /** Every series of a mirror with its labels: what a scrape holds, and what the catalogue says that it may hold. */
    private static Map<String, Set<String>> shown(Path directory) {
        Map<String, Set<String>> shown = new HashMap<>();
        SAMPLE.matcher(scrape(directory)).results().forEach(sample -> shown.computeIfAbsent(
                        sample.group(1), name -> new HashSet<>())
                .addAll(sample.group(2) == null ? Set.of() : labels(bare(sample.group(2)))));
        for (Meters meter : Meters.values()) {
            suffixes(meter)
                    .forEach(suffix -> shown.put(meter.prometheusName() + suffix, new HashSet<>(meter.labels())));
        }
        return shown;
    }

    private static Stream<String> suffixes(Meters meter) {
        return switch (meter.kind()) {
            case GAUGE, COUNTER -> Stream.of("");
            case TIMES -> Stream.of("_count", "_sum", "_max");
            case REQUEST_TIMES, INGEST_TIMES, SLICE_TIMES -> Stream.of("_bucket", "_count", "_sum", "_max");
        };
    }

    /** The text for Prometheus of a mirror that has worked and collected its heap. */
    private static String scrape(Path directory) {
        try (Upstream upstream = Upstream.withPackages(directory.resolve("git"), "a.1");
                RunningMirror mirror = RunningMirror.of(upstream.url(), directory.resolve("data"))) {
            mirror.sync();
            System.gc();
            mirror.await(() -> metrics(mirror).contains("jvm_gc_pause_seconds_count"));
            return metrics(mirror);
        }
    }

    private static String metrics(RunningMirror mirror) {
        return new String(mirror.getManagement("/metrics").body(), UTF_8);
    }

    private static void assertLabels(String expression, Map<String, Set<String>> shown) {
        Matcher selector = SELECTOR.matcher(bare(expression));
        while (selector.find()) {
            Set<String> known = shown.get(selector.group("name"));
            if (known != null) {
                assertThat(labels(selector.group("labels")))
                        .as(expression)
                        .allMatch(label -> known.contains(label) || ON_EVERY_SERIES.contains(label));
            }
        }
    }

    private static Set<String> labels(String selector) {
        Set<String> labels = new HashSet<>();
        LABEL.matcher(selector).results().forEach(label -> labels.add(label.group(1)));
        return labels;
    }

    /** The names of the metrics in a query. */
    private static List<String> metrics(String expression) {
        return METRIC.matcher(NO_METRICS.matcher(bare(expression)).replaceAll(" "))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    /** A query without what stands in quotes. */
    private static String bare(String expression) {
        return STRING.matcher(expression).replaceAll("");
    }

    private static List<String> expressions() throws IOException {
        Stream<String> ofRules = rules().map(rule -> text(rule, "expr"));
        Stream<String> ofPanels = panels().stream()
                .filter(panel -> panel.containsKey("targets"))
                .flatMap(panel -> maps(panel, "targets"))
                .map(target -> text(target, "expr"));
        return Stream.concat(ofRules, ofPanels).toList();
    }

    private static Stream<Map<?, ?>> rules() throws IOException {
        return maps(read(HELM.resolve("rules/alerts.yaml")), "groups").flatMap(group -> maps(group, "rules"));
    }

    private static List<Map<?, ?>> panels() throws IOException {
        return maps(read(HELM.resolve("dashboards/mirror-service.json")), "panels")
                .toList();
    }

    /** The squares of the grid that a panel covers. */
    private static List<List<Integer>> place(Map<?, ?> panel) {
        Map<?, ?> place = map(panel, "gridPos");
        int[] xywh = Stream.of("x", "y", "w", "h")
                .mapToInt(key -> (Integer) place.get(key))
                .toArray();
        return Stream.iterate(0, i -> i < xywh[2] * xywh[3], i -> i + 1)
                .map(i -> Arrays.asList(xywh[0] + i % xywh[2], xywh[1] + i / xywh[2]))
                .toList();
    }

    /** YAML, of which JSON is a part. */
    private static Map<?, ?> read(Path file) throws IOException {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }

    private static Map<?, ?> map(Map<?, ?> parent, String key) {
        return (Map<?, ?>) value(parent, key);
    }

    private static Stream<Map<?, ?>> maps(Map<?, ?> parent, String key) {
        return ((List<?>) value(parent, key)).stream().map(each -> (Map<?, ?>) each);
    }

    private static String text(Map<?, ?> parent, String key) {
        return (String) value(parent, key);
    }

    private static Object value(Map<?, ?> parent, String key) {
        return Objects.requireNonNull(parent.get(key), () -> key + " in " + parent);
    }
}
