package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParameterException;

/** A configuration that is read again. */
final class ConfigurationTest {

    @TempDir
    Path directory;

    @Test
    void what_can_change_while_it_runs_is_told_with_both_values() throws IOException {
        Configuration before = read("poll: 60s\nupstream-cache: https://me:secret@a.example/cache\n");
        Configuration after = read("poll: 10s\nmax-loss: 50%\nupstream-cache: https://me:other@a.example/cache\n");

        assertThat(before.obstacles(after)).isEmpty();
        assertThat(before.changes(after))
                .containsExactlyInAnyOrder(
                        "poll: 60s -> 10s",
                        "max-loss: 10% -> 50%",
                        "upstream-cache: https://***@a.example/cache -> https://***@a.example/cache");
        assertThat(after.settings().poll()).isEqualTo(Duration.ofSeconds(10));
        assertThat(after.settings().guard().largestLoss()).isEqualTo(0.5);
    }

    @ParameterizedTest
    @CsvSource({"port: 81", "remote: https://b.example/r.git", "data: elsewhere", "archives: eager", "branch: other"})
    void what_takes_a_restart_is_told(String line) throws IOException {
        Configuration before = read("poll: 60s\n");
        Configuration after = read("poll: 10s\n" + line + "\n");

        assertThat(before.obstacles(after))
                .hasSize(1)
                .first()
                .asString()
                .startsWith(line.substring(0, line.indexOf(' ')));
    }

    @Test
    void the_command_line_wins_still() throws IOException {
        Configuration before = read("poll: 60s\n", "--poll", "5s");
        Configuration after = read("poll: 10s\n", "--poll", "5s");

        assertThat(before.changes(after)).isEmpty();
        assertThat(after.settings().poll()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({"polll: 10s", "poll: soon", "poll: [", "publish-wait: 0s"})
    void what_cannot_be_used_is_an_error(String line) {
        assertThatThrownBy(() -> read(line + "\n")).isInstanceOf(ParameterException.class);
    }

    @Test
    void all_of_it_is_taken_over_or_nothing() throws IOException {
        Configuration first = read("poll: 60s\n");
        AtomicReference<Configuration> next = new AtomicReference<>(read("poll: 10s\nport: 81\n"));
        Reload reload = new Reload(first, next::get, new Reports(System.out));

        assertThat(reload.read()).isEmpty();
        next.set(read("poll: 10s\n"));
        assertThat(reload.read()).map(Settings::poll).contains(Duration.ofSeconds(10));
        next.set(read("poll: 10s\nport: 81\n"));
        assertThat(reload.read()).isEmpty();
    }

    @Test
    void what_fails_to_be_read_changes_nothing_and_may_be_mended() throws IOException {
        Configuration first = read("poll: 60s\n");
        AtomicBoolean broken = new AtomicBoolean(true);
        Reload reload = new Reload(first, () -> broken.get() ? fail() : first, new Reports(System.out));

        assertThat(reload.read()).isEmpty();
        broken.set(false);
        assertThat(reload.read()).contains(first.settings());
    }

    private static Configuration fail() {
        throw new IllegalStateException("of the test's making");
    }

    @Test
    void the_verb_is_read_as_the_command_without_one() throws IOException {
        Path file = Files.writeString(directory.resolve("config.yaml"), "poll: 7s\n");

        assertThat(Main.configuration(Map.of(), "serve", "--config", file.toString())
                        .settings()
                        .poll())
                .isEqualTo(Duration.ofSeconds(7));
    }

    private Configuration read(String yaml, String... more) throws IOException {
        Path file = Files.writeString(directory.resolve("config.yaml"), yaml);
        return Main.configuration(
                Map.of(),
                Stream.concat(Stream.of("--config", file.toString()), Stream.of(more))
                        .toArray(String[]::new));
    }
}
