package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Configuration files, and the verbs that tell about them. */
final class ConfigTest {

    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void the_command_line_wins_over_the_environment_over_the_file_over_the_default() throws IOException {
        Path file = write("poll: 10s\nmax-loss: 20%\nport: 9000\n");
        Map<String, String> environment = Map.of("MIRROR_POLL", "20s", "MIRROR_PORT", "9001");
        assertThat(run(environment, "config", "show", "--config=" + file, "--poll", "30s"))
                .isZero();
        assertThat(out.toString().lines())
                .anyMatch(line -> line.matches("poll: 30s +# the command line"))
                .anyMatch(line -> line.matches("port: 9001 +# MIRROR_PORT"))
                .anyMatch(line -> line.matches("max-loss: 20% +# .*config.yaml, line 2"))
                .anyMatch(line -> line.matches("slice: 250us +# default"))
                .anyMatch(line -> line.equals("# branch:"));
    }

    @Test
    void a_file_may_be_named_by_the_environment_and_lists_are_lists() throws IOException {
        Path file = write("allow-upstream:\n  - a.example\n  - 10.0.0.0/8\nhttp2: off\n");
        assertThat(run(Map.of("MIRROR_CONFIG", file.toString()), "config", "show"))
                .isZero();
        assertThat(out.toString())
                .contains("allow-upstream: a.example,10.0.0.0/8 ")
                .contains("http2: off ");
    }

    @Test
    void what_is_shown_can_be_used_and_has_no_password() throws IOException {
        Path file = write("remote: 'https://me:secret@git.example/a.git#main'\nbranch: \"x # y\"\n");
        run(Map.of(), "config", "show", "--config", file.toString());
        assertThat(out.toString()).contains("//***@git.example/a.git#main").doesNotContain("me:secret");

        Path shown = write(out.toString());
        out.getBuffer().setLength(0);
        assertThat(run(Map.of(), "config", "show", "--config", shown.toString()))
                .isZero();
        assertThat(out.toString()).contains("branch: \"x # y\" ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "pol: 60s ; config.yaml, line 1: 'pol' is no option: did you mean poll?",
                "config: x ; 'config' is no option",
                "poll: 60s|poll: 30s ; line 2: 'poll' is there twice",
                "port: 1|poll: fast ; 'fast' is not a duration",
                "port: 1|poll: fast ; config.yaml, line 2)",
                "poll: ; line 1: here stands one value",
                "poll: {a: b} ; line 1: here stands one value",
                "- poll ; options are written as 'name: value'",
                "poll: 'x ; is no YAML",
                "poll: 1ms ; --poll",
                "tls-key: x ; --tls-certificate",
            })
    void what_cannot_be_used_is_named_with_its_line(String text, String hint) throws IOException {
        Path file = write(text.replace('|', '\n'));
        assertThat(run(Map.of(), "config", "check", "--config", file.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains(hint);
    }

    @Test
    void a_file_that_is_not_there_too_large_or_no_text_is_named() throws IOException {
        assertThat(run(Map.of(), "--config", "/nowhere.yaml")).isEqualTo(2);
        assertThat(err.toString()).contains("/nowhere.yaml").contains("--config");
        Path large = write("#".repeat(70_000));
        assertThat(run(Map.of(), "--config", large.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("more than 65536 bytes");
        Files.write(large, new byte[] {'a', (byte) 0xFF});
        assertThat(run(Map.of(), "--config", large.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("not in UTF-8");
    }

    @Test
    void a_verb_takes_of_the_file_what_it_needs() throws IOException {
        Path file = write("data: " + directory.resolve("other") + "\npoll: 10s\n");
        assertThat(run(Map.of(), "gc", "--config", file.toString())).isEqualTo(1);
        assertThat(err.toString()).contains(directory.resolve("other") + " has no snapshot");
    }

    @Test
    void a_good_configuration_can_be_used_and_broken_files_of_tls_cannot() throws IOException {
        assertThat(run(Map.of(), "config", "check")).isZero();
        Path broken = write("x");
        assertThat(run(
                        Map.of(),
                        "config",
                        "check",
                        "--tls-certificate",
                        broken.toString(),
                        "--tls-key",
                        broken.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("config.yaml");
    }

    @Test
    void the_schema_has_every_option_and_no_other_key() {
        assertThat(run(Map.of(), "config", "schema")).isZero();
        assertThat(out.toString())
                .contains("\"additionalProperties\":false")
                .contains("\"git-store\":{\"description\":\"Where Git objects live.\",\"default\":\"file\","
                        + "\"enum\":[\"memory\",\"file\"]}")
                .contains("\"port\":{", "\"type\":[\"integer\"]", "\"type\":[\"string\",\"array\"]")
                .doesNotContain("\"config\"", "\"help\"", "Default:");
        CommandLine.Model.CommandSpec serve = Main.commandLine(Map.of()).getCommandSpec();
        assertThat(ValueSources.settings(serve))
                .allSatisfy(option -> assertThat(out.toString()).contains('"' + ValueSources.name(option) + "\":{"));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("config.yaml"), text, StandardCharsets.UTF_8);
    }

    private int run(Map<String, String> environment, String... arguments) {
        CommandLine command = Main.commandLine(environment, arguments);
        command.setErr(new PrintWriter(err));
        command.setOut(new PrintWriter(out));
        return command.execute(arguments);
    }
}
