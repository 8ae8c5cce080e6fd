package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.mirrorservice.mirror.chart.Chart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The chart's {@code config} and the options of the program. */
final class ChartOptionsTest {

    /** What the chart sees to. */
    private static final Set<String> ITS_OWN = Set.of(
            "host",
            "port",
            "management-port",
            "data",
            "tls-certificate",
            "tls-key",
            "webhook-secret-file",
            "object-store",
            "s3-endpoint",
            "s3-region",
            "archive-cache");

    private static final String[] STORE = {
        "store.s3.bucket=opam",
        "store.s3.prefix=mirrors/one",
        "store.s3.endpoint=http://store.example:7480",
        "config.log-poll=2s"
    };

    @Test
    void every_option_can_be_set_and_no_other() throws IOException {
        JsonObject schema = JsonParser.parseString(Files.readString(Path.of("..", "helm", "values.schema.json")))
                .getAsJsonObject();
        Set<String> config = schema.getAsJsonObject("properties")
                .getAsJsonObject("config")
                .getAsJsonObject("properties")
                .keySet();
        assertThat(ValueSources.settings(Main.commandLine(Map.of()).getCommandSpec())
                        .map(ValueSources::name)
                        .filter(name -> !ITS_OWN.contains(name)))
                .containsExactlyInAnyOrderElementsOf(config);
    }

    @Test
    void what_the_chart_sees_to_stands_in_what_it_makes() {
        String config = Chart.config(with("tls.secretName=t", "webhookSecret.name=w"));
        Map<?, ?> options = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(config);
        assertThat(options.keySet().stream().map(Object::toString)).containsAll(ITS_OWN);
    }

    @Test
    void the_configuration_that_it_makes_can_be_used(@TempDir Path directory) throws IOException {
        assertThat(check(directory, Chart.config())).isZero();
        assertThat(check(directory, Chart.config(with()))).isZero();
        assertThat(check(directory, Chart.config(with("store.s3.archiveCache.size="))))
                .isZero();
    }

    private static String[] with(String... settings) {
        return Stream.concat(Stream.of(STORE), Stream.of(settings)).toArray(String[]::new);
    }

    private static int check(Path directory, String config) throws IOException {
        Path file = Files.writeString(directory.resolve("config.yaml"), config);
        String[] arguments = {"config", "check", "--config", file.toString()};
        return Main.commandLine(Map.of(), arguments).execute(arguments);
    }

    @Test
    void the_image_that_it_names_is_the_one_that_this_build_makes() throws IOException {
        assertThat(Files.readString(Path.of("..", "helm", "Chart.yaml")))
                .contains("\nappVersion: " + new Version().version() + " ");
    }
}
