package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.http.Wire.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stream of what changes on the page, over real connections. */
final class StatusEventsTest {

    private static final String PATH = "/status/events";

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
    void each_part_of_the_page_comes_at_first_and_then_what_has_changed() throws IOException {
        try (Wire wire = looking()) {
            assertThat(wire.readHeaders())
                    .containsEntry("content-type", "text/event-stream")
                    .containsEntry("cache-control", "no-store")
                    .containsEntry("transfer-encoding", "chunked")
                    .doesNotContainKey("content-length");
            assertThat(events(wire, 1)).startsWith("retry: 2000\n\n");
            assertThat(events(wire, 1))
                    .contains("event: state\ndata: <p class=\"starting\">")
                    .contains("event: served\n")
                    .contains("event: ingest\n");

            listener.published.publish(Samples.snapshot(10));

            assertThat(events(wire, 1))
                    .contains("event: state\ndata: <p class=\"well\">")
                    .contains("data: <dt>Commit</dt><dd><code>" + Samples.COMMIT + "</code></dd>\n")
                    .doesNotContain("event: ingest");
        }
    }

    @Test
    void a_server_that_drains_ends_the_stream_as_a_whole_answer() throws IOException {
        try (Wire wire = looking()) {
            wire.readHeaders();
            events(wire, 2);

            listener.leaving.tryEmitEmpty();

            assertThat(wire.readChunk()).isEmpty();
            listener.awaitCounted(Map.of("GET /status/events 200", 1L));
        }
    }

    @Test
    void a_client_of_http_1_0_reads_to_the_end_of_the_connection() throws IOException {
        try (Wire wire = new Wire(listener.port()).send("GET " + PATH + " HTTP/1.0\r\n\r\n")) {
            assertThat(wire.readHeaders())
                    .doesNotContainKey("transfer-encoding")
                    .containsEntry("connection", "close");
            listener.leaving.tryEmitEmpty();

            assertThat(wire.toEnd()).startsWith("retry: 2000\n\n");
        }
    }

    @Test
    void only_so_many_may_look_on_and_who_leaves_makes_room() throws IOException {
        List<Wire> all = new ArrayList<>();
        try {
            for (int number = 0; number < StatusEvents.MOST; number++) {
                Wire wire = looking();
                all.add(wire);
                wire.readHeaders();
            }
            Reply refused = Wire.get(listener.port(), PATH);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).contains("5");

            all.remove(0).close();
            listener.awaitCounted(Map.of("GET /status/events 499", 1L, "GET /status/events 503", 1L));
            try (Wire next = looking()) {
                assertThat(next.readHead()).isEqualTo(200);
            }
        } finally {
            for (Wire wire : all) {
                wire.close();
            }
        }
    }

    @Test
    void nothing_follows_the_head_of_events_that_are_asked_for_with_head() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            wire.send(Wire.request("HEAD", "/status/events", "Connection: close"));
            assertThat(wire.readHead()).isEqualTo(200);
            assertThat(wire.toEnd()).isEmpty();
        }
    }

    @Test
    void its_head_alone_takes_no_place() throws IOException {
        for (int number = 0; number <= StatusEvents.MOST; number++) {
            assertThat(Wire.ask(listener.port(), "HEAD", PATH).status()).isEqualTo(200);
        }
    }

    private Wire looking() throws IOException {
        return new Wire(listener.port()).send(Wire.request("GET", PATH));
    }

    private static String events(Wire wire, int chunks) throws IOException {
        StringBuilder events = new StringBuilder();
        for (int chunk = 0; chunk < chunks; chunk++) {
            events.append(wire.readChunk());
        }
        return events.toString();
    }
}
