package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running mirror tells of itself, in good times and in bad ones. */
final class StatusTest {

    @TempDir
    Path directory;

    @Test
    void an_ingest_that_changed_something_is_told_with_its_steps() {
        try (Upstream upstream = Upstream.withPackages(directory.resolve("git"), "a.1");
                RunningMirror mirror = RunningMirror.of(upstream.url(), directory.resolve("data"))) {
            mirror.sync();
            upstream.putPackage("b.1", "new").commit();
            mirror.sync();
            JsonObject changed = ingest(mirror);
            mirror.sync();
            JsonObject unchanged = ingest(mirror);

            assertThat(changed.get("running").getAsBoolean()).isFalse();
            assertThat(changed.getAsJsonObject("last").get("outcome").getAsString())
                    .isEqualTo("changed");
            JsonObject published = changed.getAsJsonObject("last_published");
            assertThat(StreamSupport.stream(published.getAsJsonArray("steps").spliterator(), false)
                            .map(step -> step.getAsJsonObject().get("phase").getAsString()))
                    .containsExactly("fetch", "diff", "index", "publish");
            assertThat(published.has("longest_wait_micros")).isTrue();
            assertThat(unchanged.getAsJsonObject("last").get("outcome").getAsString())
                    .isEqualTo("unchanged");
            assertThat(unchanged.getAsJsonObject("last_published").get("time")).isEqualTo(published.get("time"));
            assertThat(state(mirror)).isEqualTo("well");
        }
    }

    @Test
    void a_remote_that_went_away_is_told_since_when_and_until_it_is_back() throws IOException {
        Path git = directory.resolve("git");
        try (Upstream upstream = Upstream.withPackages(git, "a.1");
                RunningMirror mirror = RunningMirror.of(upstream.url(), directory.resolve("data"))) {
            mirror.sync();

            Files.move(git, directory.resolve("away"));
            mirror.sync();
            JsonObject first = trouble(mirror);
            mirror.sync();

            assertThat(first.get("reason").getAsString()).isEqualTo("unreachable");
            assertThat(trouble(mirror).get("since")).isEqualTo(first.get("since"));
            assertThat(page(mirror)).contains("The remote cannot be reached");
            assertThat(state(mirror)).isEqualTo("troubled");

            Files.move(directory.resolve("away"), git);
            mirror.sync();
            assertThat(state(mirror)).isEqualTo("well");
        }
    }

    @Test
    void a_publication_that_is_held_back_is_told() {
        try (Upstream upstream = Upstream.withPackages(directory.resolve("git"), "a.1", "b.1", "c.1");
                RunningMirror mirror = RunningMirror.of(upstream.url(), directory.resolve("data"))) {
            mirror.sync();
            upstream.removePackage("a.1").removePackage("b.1").commit();
            mirror.sync();

            assertThat(trouble(mirror).get("reason").getAsString()).isEqualTo("held");
            assertThat(page(mirror)).contains("A publication is held back").contains("--max-loss");
        }
    }

    @Test
    void an_archive_that_changed_at_its_origin_and_one_that_has_rotted_are_told() throws IOException {
        try (Supply supply = new Supply(directory.resolve("git"))) {
            byte[] sound = supply.add("sound.1");
            byte[] changed = supply.add("changed.1");
            supply.give("changed.1", Bytes.random(99, 5_000));
            supply.commit();
            try (RunningMirror mirror = RunningMirror.of(
                    supply.url(), directory.resolve("data"), "--archives=lazy", "--allow-upstream=127.0.0.1")) {
                mirror.sync();
                get(mirror, changed, 404);
                get(mirror, sound, 200);
            }
            rot(Bytes.digests(sound));
            supply.take("sound.1");
            try (RunningMirror mirror = RunningMirror.of(
                    supply.url(), directory.resolve("data"), "--archives=lazy", "--allow-upstream=127.0.0.1")) {
                mirror.sync();
                get(mirror, sound, 404);
                get(mirror, changed, 404);

                mirror.await(() -> reasons(mirror).equals(List.of("rotten", "mismatch")));
                assertThat(page(mirror))
                        .contains("Archives have rotted on the disk")
                        .contains("Archives have changed at their origin");
            }
        }
    }

    private void rot(Digests digests) throws IOException {
        String hex = digests.sha256().hex();
        Path file = directory
                .resolve("data/cache/sha256")
                .resolve(hex.substring(0, 2))
                .resolve(hex);
        byte[] bytes = Files.readAllBytes(file);
        bytes[17] ^= 1;
        file.toFile().setWritable(true);
        Files.write(file, bytes);
    }

    private static void get(RunningMirror mirror, byte[] archive, int status) {
        Digest digest = Bytes.digests(archive).sha256();
        assertThat(mirror.get("/cache/sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex())
                        .statusCode())
                .isEqualTo(status);
    }

    private static JsonObject status(RunningMirror mirror) {
        return JsonParser.parseString(new String(mirror.get("/status.json").body(), UTF_8))
                .getAsJsonObject();
    }

    private static JsonObject ingest(RunningMirror mirror) {
        return status(mirror).getAsJsonObject("ingest");
    }

    private static String state(RunningMirror mirror) {
        return status(mirror).get("state").getAsString();
    }

    private static JsonObject trouble(RunningMirror mirror) {
        return status(mirror).getAsJsonArray("troubles").get(0).getAsJsonObject();
    }

    private static List<String> reasons(RunningMirror mirror) {
        return StreamSupport.stream(status(mirror).getAsJsonArray("troubles").spliterator(), false)
                .map(trouble -> trouble.getAsJsonObject().get("reason").getAsString())
                .toList();
    }

    /** The page as it is a second later at most. */
    private static String page(RunningMirror mirror) {
        String state = state(mirror);
        mirror.await(() ->
                new String(mirror.get("/").body(), UTF_8).contains("class=\"trouble\"") == state.equals("troubled"));
        return new String(mirror.get("/").body(), UTF_8);
    }
}
