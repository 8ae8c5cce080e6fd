package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveCache.UnderWay;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.http.Wire.Reply;
import io.github.mirrorservice.mirror.metrics.Waits;
import io.github.mirrorservice.mirror.opam.IngestStatus;
import io.github.mirrorservice.mirror.opam.Outcome;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PageTest {

    private Listener listener;

    @BeforeEach
    void listen() {
        listener = Listener.forClients();
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void it_tells_how_to_point_opam_at_this_very_mirror() throws IOException {
        String page = page("Host: mirror.example.org:8080");

        assertThat(page)
                .contains("<code>opam init --bare http://mirror.example.org:8080</code>")
                .contains(
                        "<code>opam repository set-url default http://mirror.example.org:8080 &amp;&amp; opam update</code>");
    }

    @Test
    void behind_a_proxy_that_speaks_tls_it_names_the_proxy() throws IOException {
        assertThat(page("Host: mirror.example.org", "X-Forwarded-Proto: https"))
                .contains("opam init --bare https://mirror.example.org<");
        assertThat(page("Host: mirror.example.org", "X-Forwarded-Proto: javascript"))
                .contains("opam init --bare http://mirror.example.org<");
    }

    @Test
    void a_reader_who_names_no_host_sees_the_address() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            assertThat(wire.send("GET / HTTP/1.0\r\n\r\n").read().text())
                    .contains("opam init --bare http://127.0.0.1:" + listener.port() + "<");
        }
    }

    @Test
    void it_says_what_is_served_and_escapes_it() throws IOException {
        listener.published.publish(
                Samples.snapshot("https://example.org/<script>\"'&amp;.git", Samples.COMMIT, 1_234_567));

        assertThat(page("Host: localhost"))
                .contains("<dd>https://example.org/&lt;script&gt;&quot;&#39;&amp;amp;.git</dd>")
                .contains(Samples.COMMIT)
                .contains("<time datetime=\"2026-08-22T10:00:00Z\">22 Aug 2026, 10:00:00 UTC</time>, 15 min ago")
                .contains("4,596 in 18,793 versions")
                .contains("11,496 known")
                .contains("1.2 MB")
                .doesNotContain("org/<script>")
                .doesNotContain("{{");
    }

    @Test
    void before_the_first_snapshot_it_says_so() throws IOException {
        assertThat(page("Host: localhost"))
                .contains("the first snapshot is being made")
                .doesNotContain("All is well")
                .doesNotContain("{{");
    }

    @Test
    void an_ingest_that_runs_is_shown_with_how_far_it_is() throws IOException {
        say(new IngestStatus(
                Optional.of(new IngestStatus.Running(Samples.NOW, "fetch", 5_200_000, 18_000, 25_000, 0)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));

        assertThat(page("Host: localhost"))
                .contains("Running: fetch")
                .contains("<progress value=\"18000\" max=\"25000\" aria-label=\"objects fetched\"></progress>"
                        + " 18,000 of 25,000 objects, 5.2 MB");
    }

    @Test
    void the_last_ingest_that_changed_something_has_a_picture_of_how_long_requests_waited() throws IOException {
        Waits.Trace waits = new Waits.Trace(
                Duration.ofMillis(250),
                List.of(
                        new Waits.Moment(Duration.ofMillis(1), false),
                        new Waits.Moment(Duration.ofMillis(12), true),
                        new Waits.Moment(Duration.ZERO, false)));
        IngestStatus.Step step = new IngestStatus.Step("fetch", Duration.ofMillis(39));
        listener.status = () -> Samples.status(
                Optional.of(Samples.snapshot(10)),
                Optional.empty(),
                new IngestStatus(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(
                                new IngestStatus.Publication(Samples.NOW, Duration.ofMillis(2_400), List.of(step)))),
                Optional.of(waits),
                List.of());

        assertThat(page("Host: localhost"))
                .contains("in 2.4 s: fetch 39 ms<")
                .contains("<rect x=\"0\" y=\"60.8\" width=\"3\" height=\"3.2\"/>")
                .contains("<rect x=\"4\" y=\"25.6\" width=\"3\" height=\"38.4\" class=\"ingesting\"/>")
                .contains("<rect x=\"8\" y=\"63.0\" width=\"3\" height=\"1.0\"/>")
                .contains("12 ms at most while it ran</span>, 1.0 ms before and after")
                .contains("20 ms high and 750 ms wide");
    }

    @ParameterizedTest
    @CsvSource({
        "unreachable, The remote cannot be reached",
        "disk, The disk does not take the next snapshot",
        "corrupt, The remote cannot be mirrored"
    })
    void an_ingest_that_failed_is_shown_with_its_remedy(String reason, String title) throws IOException {
        say(after(new Outcome.Failed(reason, "it said <no>. Remedy: ask again")));

        assertThat(page("Host: localhost"))
                .contains("<strong>" + title + "</strong> since <time datetime=\"2026-08-22T09:00:00Z\">")
                .contains("it said &lt;no&gt;. Remedy: ask again")
                .doesNotContain("All is well");
    }

    @Test
    void a_publication_that_is_held_back_is_shown() throws IOException {
        say(after(new Outcome.Held("empty", "the tree has no packages")));

        assertThat(page("Host: localhost"))
                .contains("A publication is held back")
                .contains("the tree has no packages");
    }

    @Test
    void when_nothing_is_wrong_it_says_how_old_that_is() throws IOException {
        Snapshot served = Samples.snapshot(10);
        say(new IngestStatus(
                Optional.empty(),
                Optional.of(new IngestStatus.Ended(
                        new Outcome.Unchanged(served), Samples.NOW.minusSeconds(180), Duration.ofMillis(30))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));

        assertThat(page("Host: localhost")).contains("All is well: what is served is what the remote had 3 min ago.");
    }

    @Test
    void archives_that_rot_or_change_or_cannot_be_kept_are_shown() throws IOException {
        listener.status = () -> Samples.status(Optional.of(Samples.snapshot(10)), Optional.of(Samples.badArchives()));

        assertThat(page("Host: localhost"))
                .contains("Archives have rotted on the disk")
                .contains("2 lie in quarantine")
                .contains("Archives have changed at their origin")
                .contains("1 are not what the repository says")
                .contains("Archives cannot be kept")
                .contains("No space left on device");
    }

    @ParameterizedTest
    @CsvSource({"9000000000, 100000000000, true", "11000000000, 100000000000, false", "30000000000, 400000000000, false"
    })
    void a_disk_that_is_nearly_full_is_shown(long free, long total, boolean shown) {
        Status known = Samples.status(Optional.of(Samples.snapshot(10)), Optional.empty());
        Status status = new Status(
                known.now(),
                known.version(),
                known.repository(),
                known.served(),
                known.ingest(),
                known.waits(),
                known.archives(),
                known.downloads(),
                Optional.of(new Disk(free, total)));

        assertThat(Trouble.of(status).stream().map(Trouble::reason).toList())
                .isEqualTo(shown ? List.of("disk-nearly-full") : List.of());
        assertThat(StatusJson.of(status))
                .contains("\"disk\":{\"free_bytes\":" + free + ",\"total_bytes\":" + total + "}");
    }

    @Test
    void downloads_are_shown_as_they_come_and_failures_by_reason_and_host() throws IOException {
        listener.status = () -> Samples.status(
                Optional.of(Samples.snapshot(10)),
                Optional.of(Samples.archives()),
                IngestStatus.NONE,
                Optional.empty(),
                List.of(
                        new UnderWay(Digest.of("md5=" + "b".repeat(32)), 1_000, OptionalLong.of(4_000)),
                        new UnderWay(Digest.of("md5=" + "c".repeat(32)), 77, OptionalLong.empty())));

        assertThat(page("Host: localhost"))
                .contains("9 of 12 are here, 3 are missing: being fetched, 5.0 kB a second, about 7 min left")
                .contains("<code>md5&#x3D;" + "b".repeat(32) + "</code> <progress value=\"1000\" max=\"4000\"")
                .contains("1.0 kB of 4.0 kB")
                .contains("20, 1.2 MB")
                .contains("<code>md5&#x3D;" + "c".repeat(32) + "</code> 77 B")
                .contains(
                        "<tr><td>1</td><td>status</td><td>&lt;origin&gt;</td><td>404 &amp; &quot;gone&quot;</td></tr>");
    }

    @Test
    void its_policy_allows_its_own_style_and_script_and_nothing_else() throws Exception {
        Reply reply = Wire.get(listener.port(), "/");
        String page = reply.text();

        assertThat(reply.header("content-security-policy"))
                .contains(
                        "default-src 'none'; style-src " + hash(between(page, "<style>", "</style>"))
                                + "; script-src " + hash(between(page, "<script>", "</script>"))
                                + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        assertThat(reply.header("content-type")).contains("text/html; charset=utf-8");
        assertThat(page).doesNotContain("style=").doesNotContain("onclick").doesNotContain("src=");
    }

    @Test
    void it_is_the_same_under_both_its_names() throws IOException {
        assertThat(Wire.get(listener.port(), "/status").text())
                .isEqualTo(Wire.get(listener.port(), "/").text());
    }

    private void say(IngestStatus ingest) {
        listener.status = () -> Samples.status(Optional.of(Samples.snapshot(10)), Optional.empty(), ingest);
    }

    private static IngestStatus after(Outcome outcome) {
        return new IngestStatus(
                Optional.empty(),
                Optional.of(new IngestStatus.Ended(outcome, Samples.NOW, Duration.ofSeconds(1))),
                Optional.empty(),
                Optional.of(Instant.parse("2026-08-22T09:00:00Z")),
                Optional.empty());
    }

    private static String between(String page, String begin, String end) {
        return page.substring(page.indexOf(begin) + begin.length(), page.indexOf(end));
    }

    private static String hash(String text) throws NoSuchAlgorithmException {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    }

    private String page(String... headers) throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            Reply reply = wire.send("GET / HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
                    .read();
            assertThat(reply.status()).isEqualTo(200);
            return reply.text();
        }
    }
}
