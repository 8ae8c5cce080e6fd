package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The chart's {@code config} and the options of the program. */
final class ChartOptionsTest {

    /** What the chart sees to. */
    private static final Set<String> ITS_OWN =
            Set.of("host", "port", "management-port", "data", "tls-certificate", "tls-key", "webhook-secret-file");

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
    void the_configuration_that_it_makes_can_be_used() throws IOException {
        String template = Files.readString(Path.of("..", "helm", "templates", "_names.tpl"));
        assertThat(ITS_OWN).allSatisfy(name -> assertThat(template).contains('"' + name + '"'));
    }

    @Test
    void the_image_that_it_names_is_the_one_that_this_build_makes() throws IOException {
        assertThat(Files.readString(Path.of("..", "helm", "Chart.yaml")))
                .contains("\nappVersion: " + new Version().version() + " ");
    }
}
