package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.mirrorservice.mirror.archive.ArchiveCache.UnderWay;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.http.Wire.Reply;
import io.github.mirrorservice.mirror.metrics.Waits;
import io.github.mirrorservice.mirror.opam.IngestStatus;
import io.github.mirrorservice.mirror.opam.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class StatusJsonTest {

    @Test
    void before_the_first_snapshot_there_is_an_answer_too() throws IOException {
        try (Listener listener = Listener.forClients()) {
            Reply reply = Wire.get(listener.port(), "/status.json");

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("content-type")).contains("application/json");
            assertThat(reply.header("cache-control")).contains("no-store");
            JsonObject json = JsonParser.parseString(reply.text()).getAsJsonObject();
            assertThat(json.get("state").getAsString()).isEqualTo("starting");
            assertThat(json.has("snapshot")).isFalse();
        }
    }

    @Test
    void it_tells_all_that_the_page_shows() {
        IngestStatus ingest = new IngestStatus(
                Optional.of(new IngestStatus.Running(Samples.NOW, "fetch", 5_200_000, 18_000, 25_000, 7)),
                Optional.of(new IngestStatus.Ended(
                        new Outcome.Failed("unreachable", "no"), Samples.NOW, Duration.ofMillis(30))),
                Optional.of(Samples.PUBLISHED),
                Optional.of(Samples.COMMITTED),
                Optional.of(new IngestStatus.Publication(
                        Samples.NOW,
                        Duration.ofMillis(57),
                        List.of(new IngestStatus.Step("fetch", Duration.ofMillis(39))))));
        Waits.Trace waits =
                new Waits.Trace(Duration.ofMillis(250), List.of(new Waits.Moment(Duration.ofMillis(3), true)));
        UnderWay download = new UnderWay(Digest.of("md5=" + "b".repeat(32)), 1_000, OptionalLong.of(4_000));

        JsonObject json = JsonParser.parseString(StatusJson.of(Samples.status(
                        Optional.of(Samples.snapshot(10)),
                        Optional.of(Samples.archives()),
                        ingest,
                        Optional.of(waits),
                        List.of(download))))
                .getAsJsonObject();

        assertThat(json.get("state").getAsString()).isEqualTo("troubled");
        assertThat(json.getAsJsonArray("troubles").toString())
                .isEqualTo("[{\"reason\":\"unreachable\",\"title\":\"The remote cannot be reached\",\"message\":\"no\","
                        + "\"since\":\"2026-08-22T10:00:00Z\"}]");
        assertThat(json.getAsJsonObject("snapshot").get("commit").getAsString()).isEqualTo(Samples.COMMIT);
        assertThat(json.getAsJsonObject("ingest").toString())
                .isEqualTo("{\"running\":true,\"now\":{\"since\":\"2026-08-22T10:15:30Z\",\"phase\":\"fetch\","
                        + "\"pack_bytes\":5200000,\"objects\":18000,\"objects_announced\":25000,\"files\":7},"
                        + "\"upstream_time\":\"2026-08-22T10:05:00.500Z\","
                        + "\"last\":{\"outcome\":\"failed\",\"time\":\"2026-08-22T10:15:30Z\",\"millis\":30},"
                        + "\"last_published\":{\"time\":\"2026-08-22T10:15:30Z\",\"millis\":57,"
                        + "\"steps\":[{\"phase\":\"fetch\",\"millis\":39}],"
                        + "\"longest_wait_micros\":3000,\"longest_wait_around_micros\":0}}");
        assertThat(json.getAsJsonObject("archives").getAsJsonArray("downloads").toString())
                .isEqualTo("[{\"archive\":\"md5=" + "b".repeat(32) + "\",\"bytes\":1000,\"bytes_announced\":4000}]");
        assertThat(json.getAsJsonObject("archives").get("missing").getAsInt()).isEqualTo(3);
    }
}
