package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.git.CommitId;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that look at a remote, or at a mirror that runs, and end. */
final class OneShotTest {

    @TempDir
    private Path directory;

    private Path data;

    @BeforeEach
    void chooseData() {
        data = directory.resolve("data");
    }

    @Test
    void a_sync_publishes_once_and_a_plan_says_beforehand_what() {
        try (Upstream upstream = Upstream.withPackages(directory.resolve("git"), "a.1", "b.1")) {
            assertThat(verb("plan", upstream.url()))
                    .satisfies(plan ->
                            assertThat(plan.out()).startsWith("would publish ").contains("2 versions"))
                    .extracting(Verb::status)
                    .isEqualTo(0);
            assertThat(verb("sync", upstream.url(), "--once").out()).startsWith("{\"outcome\":\"published\"");
            assertThat(verb("sync", upstream.url(), "--once").out()).startsWith("{\"outcome\":\"unchanged\"");
            assertThat(verb("plan", upstream.url()).out()).startsWith("nothing is new; published is ");

            CommitId commit = upstream.putPackage("c.1", "added").commit();
            assertThat(verb("plan", upstream.url()).out().lines())
                    .satisfiesExactly(
                            next -> assertThat(next).contains(commit.hex(), "3 versions"),
                            before ->
                                    assertThat(before).startsWith("in place of").contains("2 versions"));
            assertThat(verb("plan", upstream.url()).out())
                    .as("nothing was published")
                    .contains(commit.hex());
        }
    }

    @Test
    void what_a_mirror_would_hold_back_is_held_back() {
        try (Upstream upstream = Upstream.withPackages(directory.resolve("git"), "a.1", "b.1", "c.1")) {
            assertThat(verb("sync", upstream.url(), "--once").status()).isZero();
            upstream.removePackage("a.1").removePackage("b.1").commit();

            Verb plan = verb("plan", upstream.url());
            assertThat(plan.status()).isEqualTo(1);
            assertThat(plan.err()).startsWith("would be held back (").contains("--max-loss");
            Verb sync = verb("sync", upstream.url(), "--once");
            assertThat(sync.status()).isEqualTo(1);
            assertThat(sync.out()).contains("\"outcome\":\"held\"");
        }
    }

    @Test
    void a_remote_that_cannot_be_reached_has_a_status_of_its_own() {
        String nowhere = directory.resolve("nowhere").toUri().toString();
        assertThat(verb("plan", nowhere).status()).isEqualTo(5);
        assertThat(verb("sync", nowhere, "--once"))
                .satisfies(sync -> assertThat(sync.out()).contains("\"reason\":\"unreachable\""))
                .extracting(Verb::status)
                .isEqualTo(5);
    }

    @Test
    void a_mirror_that_runs_is_asked_to_ingest_and_whether_it_is_ready() {
        try (Upstream upstream = Upstream.withPackages(directory.resolve("git"), "a.1");
                RunningMirror mirror = RunningMirror.of(upstream.url(), data)) {
            mirror.sync();
            CommitId commit = upstream.putPackage("b.1", "added").commit();
            String port = "--management-port=" + mirror.managementPort();

            assertThat(Verb.run("sync", "--host=127.0.0.1", port).out()).contains("published", commit.hex());
            assertThat(Verb.run("healthcheck", port)).isEqualTo(new Verb(0, "ready\n", ""));
            assertThat(verb("sync", upstream.url(), "--once").err()).contains("in use");
        }
    }

    @Test
    void where_no_mirror_runs_that_is_said() {
        try (RunningMirror mirror =
                RunningMirror.of(directory.resolve("nowhere").toUri().toString(), data)) {
            Verb verb = Verb.run("healthcheck", "--management-port=" + mirror.managementPort());
            assertThat(verb.status()).isEqualTo(1);
            assertThat(verb.err()).startsWith("not ready: ");
        }
        Verb verb = Verb.run("healthcheck", "--management-port=1");
        assertThat(verb.status()).isEqualTo(1);
        assertThat(verb.err())
                .contains("http://127.0.0.1:1/readyz does not answer")
                .contains("--management-port");
        assertThat(Verb.run("healthcheck", "--management-port=99999").status()).isEqualTo(2);
    }

    private Verb verb(String name, String remote, String... more) {
        return more.length == 0
                ? Verb.run(name, "--remote", remote, "--data", data)
                : Verb.run(name, "--remote", remote, "--data", data, more[0]);
    }
}
