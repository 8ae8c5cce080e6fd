package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.http.Wire.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
                .contains("2026-08-22T10:00:00Z")
                .contains("4,596 in 18,793 versions")
                .contains("11,496 known")
                .contains("1,234,567 bytes")
                .doesNotContain("<script>")
                .doesNotContain("{{");
    }

    @Test
    void before_the_first_snapshot_it_says_so() throws IOException {
        assertThat(page("Host: localhost"))
                .contains("the first snapshot is being made")
                .doesNotContain("{{");
    }

    @Test
    void its_policy_allows_its_own_style_and_nothing_else() throws Exception {
        Reply reply = Wire.get(listener.port(), "/");
        String page = reply.text();
        String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));

        assertThat(reply.header("content-security-policy"))
                .contains("default-src 'none'; style-src 'sha256-"
                        + Base64.getEncoder().encodeToString(hash)
                        + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        assertThat(reply.header("content-type")).contains("text/html; charset=utf-8");
        assertThat(page).doesNotContain("<script").doesNotContain("style=").doesNotContain("onclick");
    }

    @Test
    void it_is_the_same_under_both_its_names() throws IOException {
        assertThat(Wire.get(listener.port(), "/status").text())
                .isEqualTo(Wire.get(listener.port(), "/").text());
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
