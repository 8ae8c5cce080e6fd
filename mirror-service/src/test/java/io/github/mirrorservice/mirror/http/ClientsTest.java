package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.http.Wire.Reply;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.client.HttpClient;

final class ClientsTest {

    private static final int INDEX_BYTES = 1_000_000;

    private final Snapshot snapshot = Samples.snapshot(INDEX_BYTES);
    private final byte[] index = Samples.bytes(snapshot.index());
    private final String etag = '"' + snapshot.index().sha256() + '"';
    private Listener listener;

    @BeforeEach
    void listen() {
        listener = Listener.forClients();
        listener.published.publish(snapshot);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void the_index_is_served_whole_with_all_that_is_known_of_it() throws IOException {
        Reply reply = Wire.get(listener.port(), "/index.tar.gz");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(index);
        Map<String, String> headers = new HashMap<>(reply.headers());
        headers.remove("date");
        assertThat(reply.header("date").flatMap(Dates::parse)).isPresent();
        assertThat(headers)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "etag", etag,
                        "last-modified", "Sat, 22 Aug 2026 10:00:00 GMT",
                        "cache-control", "no-cache",
                        "content-length", "1000000",
                        "content-type", "application/gzip",
                        "accept-ranges", "bytes",
                        "x-content-type-options", "nosniff",
                        "x-mirror-commit", Samples.COMMIT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/index.tar.gz", "/repo", "/snapshot.json"})
    void head_says_what_get_would_and_sends_no_body(String path) throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            Map<String, String> get =
                    new HashMap<>(wire.send(Wire.request("GET", path)).read().headers());
            Map<String, String> head = new HashMap<>(
                    wire.send(Wire.request("HEAD", path)).read("HEAD").headers());
            get.remove("date");
            head.remove("date");

            assertThat(head).isEqualTo(get);
            assertThat(wire.send(Wire.request("GET", "/repo")).read().text()).isEqualTo(Samples.REPO);
        }
    }

    @Test
    void nothing_is_encoded_whatever_the_client_accepts() throws IOException {
        Reply reply = Wire.get(listener.port(), "/index.tar.gz", "Accept-Encoding: gzip, deflate, br, zstd");

        assertThat(reply.header("content-encoding")).isEmpty();
        assertThat(reply.header("vary")).isEmpty();
        assertThat(reply.body()).isEqualTo(index);
    }

    @Test
    void whoever_kept_the_etag_is_told_that_nothing_changed() throws IOException {
        String kept = Wire.get(listener.port(), "/index.tar.gz").header("etag").orElseThrow();

        Reply again = Wire.get(listener.port(), "/index.tar.gz", "If-None-Match: " + kept);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.header("etag")).contains(kept);
        assertThat(again.header("last-modified")).contains("Sat, 22 Aug 2026 10:00:00 GMT");
        assertThat(again.header("cache-control")).contains("no-cache");
        assertThat(again.header("x-mirror-commit")).contains(Samples.COMMIT);
        assertThat(again.header("content-length")).isEmpty();
        assertThat(again.header("transfer-encoding")).isEmpty();

        listener.published.publish(Samples.snapshot("https://example.org/repository.git", "a".repeat(40), 10));
        Reply changed = Wire.get(listener.port(), "/index.tar.gz", "If-None-Match: " + kept);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.body()).hasSize(10);
    }

    @Test
    void a_304_leaves_the_connection_usable() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            wire.send(Wire.request("GET", "/index.tar.gz", "If-None-Match: *") + Wire.request("GET", "/repo"));
            assertThat(wire.read().status()).isEqualTo(304);
            assertThat(wire.read().text()).isEqualTo(Samples.REPO);
        }
    }

    @Test
    void a_broken_download_is_resumed_as_wget_does() throws IOException {
        Reply rest = Wire.get(listener.port(), "/index.tar.gz", "Range: bytes=400000-");

        assertThat(rest.status()).isEqualTo(206);
        assertThat(rest.header("content-range")).contains("bytes 400000-999999/1000000");
        assertThat(rest.header("content-length")).contains("600000");
        assertThat(rest.header("etag")).contains(etag);
        assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(index, 400_000, INDEX_BYTES));
    }

    @Test
    void a_download_of_another_snapshot_is_not_resumed_but_begun_again() throws IOException {
        Reply reply = Wire.get(listener.port(), "/index.tar.gz", "Range: bytes=400000-", "If-Range: \"another\"");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("content-range")).isEmpty();
        assertThat(reply.body()).isEqualTo(index);
    }

    @Test
    void a_part_that_does_not_exist_is_said_not_to() throws IOException {
        Reply reply = Wire.get(listener.port(), "/index.tar.gz", "Range: bytes=1000000-");

        assertThat(reply.status()).isEqualTo(416);
        assertThat(reply.header("content-range")).contains("bytes */1000000");
        assertThat(reply.header("x-mirror-commit")).contains(Samples.COMMIT);
    }

    @Test
    void several_parts_at_once_are_answered_with_the_whole() throws IOException {
        assertThat(Wire.get(listener.port(), "/index.tar.gz", "Range: bytes=0-9,20-29")
                        .body())
                .isEqualTo(index);
        assertThat(Wire.get(listener.port(), "/index.tar.gz", "Range: bytes=0-9", "Range: bytes=20-29")
                        .body())
                .isEqualTo(index);
    }

    @Test
    void head_has_no_parts() throws IOException {
        Reply reply = Wire.ask(listener.port(), "HEAD", "/index.tar.gz", "Range: bytes=0-9");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("content-length")).contains("1000000");
    }

    @Test
    void a_failed_precondition_is_said_so() throws IOException {
        Reply reply = Wire.get(listener.port(), "/index.tar.gz", "If-Match: \"another\"");

        assertThat(reply.status()).isEqualTo(412);
        assertThat(reply.header("etag")).contains(etag);
    }

    @Test
    void the_repo_file_is_served() throws IOException {
        Reply reply = Wire.get(listener.port(), "/repo");

        assertThat(reply.text()).isEqualTo(Samples.REPO);
        assertThat(reply.header("etag")).contains('"' + snapshot.repo().sha256() + '"');
        assertThat(reply.header("x-mirror-commit")).contains(Samples.COMMIT);
    }

    @Test
    void the_snapshot_describes_itself() throws IOException {
        Reply reply = Wire.get(listener.port(), "/snapshot.json");

        assertThat(reply.header("content-type")).contains("application/json");
        assertThat(reply.header("x-mirror-commit")).contains(Samples.COMMIT);
        assertThat(reply.text())
                .isEqualTo("{\"repository\":\"https://example.org/repository.git\",\"commit\":\"" + Samples.COMMIT
                        + "\",\"commit_time\":\"2026-08-22T10:00:00Z\",\"published_time\":\"2026-08-22T10:05:00.500Z\""
                        + ",\"packages\":4596,\"opam_files\":18793,\"index_sha256\":\""
                        + snapshot.index().sha256() + "\",\"index_bytes\":1000000,\"archives_known\":11496}\n");
        assertThat(Wire.get(
                                listener.port(),
                                "/snapshot.json",
                                "If-None-Match: " + reply.header("etag").orElseThrow())
                        .status())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @CsvSource({"/index.tar.gz", "/repo", "/snapshot.json", "/", "/status"})
    void a_query_changes_nothing(String path) throws IOException {
        assertThat(Wire.get(listener.port(), path + "?a=b&wait=true").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/index.tar",
                "/index.tar.gz/",
                "/INDEX.TAR.GZ",
                "/repo/x",
                "/urls.txt",
                "/packages",
                "/cache/md5/aa/bb",
                "/metrics",
                "/livez",
                "/sync",
                "/favicon.ico",
                "/;x",
                "/%69ndex.tar.gz",
                "/MALFORMED",
                "/index.tar.gz;v=1"
            })
    void no_other_path_is_found(String path) throws IOException {
        Reply reply = Wire.get(listener.port(), path);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.header("content-type")).contains("text/plain; charset=utf-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "get", "GETX"})
    void no_other_method_is_allowed(String method) throws IOException {
        Reply reply = Wire.ask(listener.port(), method, "/index.tar.gz");

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("allow")).contains("GET, HEAD");
    }

    @Test
    void a_request_keeps_the_snapshot_it_took() throws IOException {
        Snapshot large = Samples.snapshot(20_000_000);
        listener.published.publish(large);
        try (Wire wire = new Wire(listener.port())) {
            wire.send(Wire.request("GET", "/index.tar.gz"));
            assertThat(Wire.get(listener.port(), "/repo").status()).isEqualTo(200);
            listener.published.publish(snapshot);
            assertThat(Wire.get(listener.port(), "/index.tar.gz").body()).isEqualTo(index);

            assertThat(wire.read().body()).isEqualTo(Samples.bytes(large.index()));
        }
    }

    @Test
    void before_the_first_snapshot_clients_are_asked_to_come_again() throws IOException {
        try (Listener empty = Listener.forClients()) {
            for (String path : new String[] {"/index.tar.gz", "/repo", "/snapshot.json"}) {
                Reply reply = Wire.get(empty.port(), path, "If-None-Match: *", "Range: bytes=0-");
                assertThat(reply.status()).isEqualTo(503);
                assertThat(Integer.parseInt(reply.header("retry-after").orElseThrow()))
                        .isBetween(1, 10);
                assertThat(reply.header("cache-control")).contains("no-store");
            }
            assertThat(Wire.get(empty.port(), "/").status()).isEqualTo(200);
        }
    }

    @Test
    void an_old_client_is_answered_and_its_connection_closed() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            assertThat(wire.send("GET /repo HTTP/1.0\r\n\r\n").read().text()).isEqualTo(Samples.REPO);
            assertThat(wire.ends()).isTrue();
        }
    }

    @Test
    void a_client_that_says_close_is_closed() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            Reply reply =
                    wire.send(Wire.request("GET", "/repo", "Connection: close")).read();
            assertThat(reply.text()).isEqualTo(Samples.REPO);
            assertThat(reply.header("connection")).contains("close");
            assertThat(wire.ends()).isTrue();
        }
    }

    @Test
    void a_client_library_gets_the_same_bytes() {
        byte[] body = HttpClient.create()
                .host("127.0.0.1")
                .port(listener.port())
                .get()
                .uri("/index.tar.gz")
                .responseSingle((response, bytes) -> bytes.asByteArray())
                .block(Wire.DEADLINE);

        assertThat(body).isEqualTo(index);
    }

    @Test
    void a_snapshot_made_before_the_one_before_it_is_not_taken_for_old() throws IOException {
        Instant commitBefore = Samples.COMMITTED.plusSeconds(600);

        Reply reply = Wire.get(listener.port(), "/index.tar.gz", "If-Modified-Since: " + Dates.format(commitBefore));

        assertThat(reply.status()).isEqualTo(200);
    }
}
