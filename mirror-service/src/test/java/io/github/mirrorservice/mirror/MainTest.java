package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class MainTest {

    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "--poll 60 ; --poll",
                "--poll 60 ; 60s",
                "--poll 9999999h ; --poll",
                "--poll 9999999h ; 24h",
                "--poll 1us ; 100ms",
                "--poll 5s serve ; serve --poll",
                "--slice fast ; --slice: 'fast' is",
                "--slice fast ; such as 60s, or off",
                "--slice 0s ; 250us",
                "--git-store cloud ; option '--git-store': 'cloud' is none of memory|file",
                "--schedulers both ; 'both' is none of shared|separate",
                "--max-loss 10 ; --max-loss",
                "--max-loss 10 ; 100%",
                "--log-format xml ; 'xml' is none of text|json",
                "--remote ext::sh ; bundle",
                "--remote demo:many ; a number from 1 to 5000",
                "--remote demo:0 ; 1 to 5000",
                "--remote x --branch -a ; branch",
                "--event-loops 0 ; event loop",
                "--port 80a ; --port",
                "--port 70000 ; --port is a number from 0 to 65535",
                "--management-port -1 ; --management-port is",
                "--hots x ; --host",
                "serve --bogus ; serve --help",
                "--bogus ; --bogus",
                "--prot 80 ; there is no option --prot; the nearest is --port",
                "--prot=80 ; there is no option --prot=80; the nearest is --port",
                "sync --onec ; the nearest is --once",
                "snyc ; there is no verb snyc; the nearest is sync",
                "gc everything ; mirror-service gc does not take 'everything'",
            })
    void what_cannot_be_used_is_a_usage_error_that_says_what_would_do(String arguments, String hint) {
        assertThat(run(Map.of(), arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(hint).endsWith(" --help'" + System.lineSeparator());
        assertThat(err.toString().lines()).as(err.toString()).hasSize(2);
    }

    @Test
    void an_unknown_variable_is_an_error_that_names_the_nearest() {
        assertThat(run(Map.of("MIRROR_GIT_STROE", "memory"))).isEqualTo(2);
        assertThat(err.toString()).contains("MIRROR_GIT_STROE").contains("MIRROR_GIT_STORE?");
    }

    @Test
    void what_kubernetes_says_of_a_service_called_mirror_is_no_option() {
        Map<String, String> links = Map.of(
                "MIRROR_SERVICE_HOST", "10.0.0.1",
                "MIRROR_SERVICE_PORT_HTTP", "80",
                "MIRROR_PORT", "tcp://10.0.0.1:80",
                "MIRROR_PORT_80_TCP_ADDR", "10.0.0.1");
        assertThat(run(links, "--help")).isZero();
        assertThat(run(links, "--poll", "60")).isEqualTo(2);
        assertThat(err.toString()).contains("'60'").doesNotContain("MIRROR_");
    }

    @Test
    void a_variable_takes_the_place_of_an_option_that_is_not_given() {
        assertThat(run(Map.of("MIRROR_POLL", "sixty"))).isEqualTo(2);
        assertThat(err.toString()).contains("'sixty'");
    }

    @ParameterizedTest
    @CsvSource({"--help", "serve --help"})
    void help_shows_every_option(String arguments) {
        assertThat(run(Map.of(), arguments.split(" "))).isZero();
        assertThat(out.toString())
                .contains("--remote", "--branch", "--port", "--host", "--management-port", "--data", "--git-store")
                .contains("--schedulers", "--slice", "--poll", "--max-loss", "--log-format");
    }

    @Test
    void a_data_directory_that_is_in_use_is_named(@TempDir Path directory) {
        try (DataDirectory held = DataDirectory.open(directory)) {
            assertThat(held.path()).isEqualTo(directory);
            assertThat(run(Map.of(), "--data", directory.toString(), "--remote", "x"))
                    .isEqualTo(1);
        }
        assertThat(err.toString()).contains(directory.toString()).contains("--data");
    }

    private int run(Map<String, String> environment, String... arguments) {
        CommandLine command = Main.commandLine(environment, arguments);
        command.setErr(new PrintWriter(err));
        command.setOut(new PrintWriter(out));
        return command.execute(arguments);
    }
}
