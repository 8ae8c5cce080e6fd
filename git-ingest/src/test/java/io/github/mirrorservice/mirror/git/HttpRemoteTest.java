package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.git.GitServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is special about HTTP: redirects, credentials, old servers, hosts that are not there. */
final class HttpRemoteTest {

    @RegisterExtension
    private final BlockingLane lane = new BlockingLane();

    private Upstream upstream;
    private GitServer server;

    @BeforeEach
    void open(@TempDir Path directory) {
        upstream = new Upstream(directory.resolve("upstream"));
        server = GitServer.serving(upstream.path());
    }

    @AfterEach
    void close() {
        server.close();
        upstream.close();
    }

    @Test
    void a_redirect_on_the_same_host_is_followed() {
        CommitId tip = upstream.commit("a=1");
        server.misbehave(GitServer.CAPABILITIES, (exchange, request) -> {
            if (exchange.getRequestURI().getPath().startsWith("/old")) {
                Hostility.redirect("/new.git/info/refs?service=git-upload-pack").to(exchange, request);
            } else {
                server.serve(exchange, request);
            }
        });

        assertThat(fetch("http://127.0.0.1:" + server.port() + "/old.git")).isEqualTo(tip);
    }

    @Test
    void a_redirect_to_another_host_or_port_is_not_followed() throws IOException {
        try (RawServer other = RawServer.dripping("", "x")) {
            server.misbehave(
                    GitServer.CAPABILITIES,
                    Hostility.redirect(other.url("http") + "/info/refs?service=git-upload-pack"));
            assertThat(failure(server.url())).hasMessageContaining("redirects to another host, port or protocol");

            String sameAddress = other.url("http").replace("127.0.0.1", "localhost");
            server.misbehave(
                    GitServer.CAPABILITIES, Hostility.redirect(sameAddress + "/info/refs?service=git-upload-pack"));
            assertThat(failure(server.url())).hasMessageContaining("(localhost), which is not followed");
            assertThat(other.visits()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/info/refs?service=git-upload-pack",
                "ftp://127.0.0.1/x.git/info/refs?service=git-upload-pack",
                "git://127.0.0.1/x.git/info/refs?service=git-upload-pack",
                "jar:file:///x!/info/refs?service=git-upload-pack",
                "ext::sh -c id/info/refs?service=git-upload-pack",
                "https://169.254.169.254/info/refs?service=git-upload-pack",
                "//127.0.0.2/info/refs?service=git-upload-pack",
                "http://127.1/info/refs?service=git-upload-pack",
                "http://127.0.0.1@127.0.0.2/info/refs?service=git-upload-pack",
                ""
            })
    void a_redirect_leads_to_no_other_protocol_and_no_other_spelling_of_a_host(String location) {
        server.misbehave(GitServer.CAPABILITIES, Hostility.redirect(location));

        failure(server.url());
        assertThat(server.takeRequests()).hasSizeLessThan(10);
    }

    @Test
    void a_redirect_in_circles_ends() {
        server.misbehave(GitServer.CAPABILITIES, Hostility.redirect("/x.git/info/refs?service=git-upload-pack"));

        failure(server.url());
        assertThat(server.takeRequests()).hasSizeLessThan(10);
    }

    @Test
    void user_and_password_of_the_address_are_sent_and_never_shown() {
        CommitId tip = upstream.commit("a=1");
        Answer guarded = (exchange, request) -> {
            // "user:s3cret" in Base64.
            boolean welcome =
                    "Basic dXNlcjpzM2NyZXQ=".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            (welcome ? (Answer) server::serve : Hostility.status(401)).to(exchange, request);
        };
        server.misbehave(GitServer.CAPABILITIES, guarded);
        server.misbehave(GitServer.REFERENCES, guarded);
        server.misbehave(GitServer.OBJECTS, guarded);

        assertThat(fetch(server.url().replace("127", "user:s3cret@127"))).isEqualTo(tip);
        GitException refused = failure(server.url().replace("127", "user:s3cr3t@127"));
        assertThat(refused).hasMessageContaining("HTTP 401");
        assertThat(refused.getMessage()).doesNotContain("s3cr3t").doesNotContain("user:s");
    }

    @Test
    void an_old_server_is_understood() {
        server.speakOldProtocol();
        CommitId first = upstream.commit("a=1", "b=1");
        try (GitMirror mirror = mirror(server.url())) {
            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(first);
            CommitId second = upstream.commit("a=2");
            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(second);
            assertThat(Now.list(mirror.changes(Optional.of(first), second))).hasSize(1);
            assertThat(server.takeRequests()).doesNotContain(GitServer.REFERENCES);
        }
    }

    @Test
    void capabilities_are_asked_for_once_and_again_after_a_failure() {
        upstream.commit("a=1");
        try (GitMirror mirror = mirror(server.url())) {
            Now.value(mirror.fetch());
            CommitId second = upstream.commit("a=2");
            server.takeRequests();
            Now.value(mirror.fetch());
            assertThat(server.takeRequests()).containsExactly(GitServer.REFERENCES, GitServer.OBJECTS);

            server.speakOldProtocol();
            Now.error(GitException.class, mirror.fetch());
            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(second);
        }
    }

    @Test
    void compressed_answers_are_refused_before_they_are_unpacked() {
        server.misbehave(GitServer.CAPABILITIES, (exchange, request) -> {
            assertThat(exchange.getRequestHeaders()).doesNotContainKey("Accept-Encoding");
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            Hostility.raw("advertisement", new byte[100]).to(exchange, request);
        });

        assertThat(failure(server.url())).hasMessageContaining("not as a Git server");
    }

    @Test
    void a_server_of_mere_files_is_refused() {
        server.misbehave(GitServer.CAPABILITIES, (exchange, request) -> {
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, -1);
        });

        assertThat(failure(server.url())).hasMessageContaining("of type text/plain, not as a Git server");
        assertThat(server.takeRequests()).containsExactly(GitServer.CAPABILITIES);
    }

    @Test
    void a_host_that_is_not_there_is_reported() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        assertThat(failure("http://127.0.0.1:" + closed + "/x")).hasMessageContaining("it takes no connection");
        assertThat(failure("git://127.0.0.1:" + closed + "/x")).hasMessageContaining("it takes no connection");
        assertThat(failure("http://nowhere.invalid/x")).hasMessageContaining("its host is not known");
        assertThat(failure("http://no_where.invalid/x"))
                .hasMessageContaining("its host is not known (no_where.invalid)");
        assertThat(failure("git://no_where.invalid/x"))
                .hasMessageContaining("its host is not known (no_where.invalid)");
        assertThat(failure("git://nowhere.invalid/x")).hasMessageContaining("its host is not known");
    }

    @Test
    void a_connection_without_tls_is_refused_where_tls_is_asked_for() throws IOException {
        try (RawServer plain = RawServer.dripping("HTTP/1.1 200 OK\r\n\r\n", "x")) {
            assertThat(failure(plain.url("https"))).hasMessageContaining("there is no trusted TLS");
        }
    }

    private CommitId fetch(String url) {
        try (GitMirror mirror = mirror(url)) {
            return Now.value(mirror.fetch()).id();
        }
    }

    private GitException failure(String url) {
        try (GitMirror mirror = mirror(url)) {
            return Now.error(GitException.Unreachable.class, mirror.fetch());
        }
    }

    private GitMirror mirror(String url) {
        return GitMirror.inMemory(GitRemote.parse(url), GitLimits.STANDARD, lane.scheduler());
    }
}
