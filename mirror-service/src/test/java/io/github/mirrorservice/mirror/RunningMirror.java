package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.git.GitRemote;
import io.github.mirrorservice.mirror.opam.PublishGuard;
import io.github.mirrorservice.mirror.schedule.LaneSettings;
import io.github.mirrorservice.mirror.schedule.LaneSettings.Placement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A whole mirror in this process, and a client of it. */
final class RunningMirror implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Mirror mirror;

    private RunningMirror(Settings settings) {
        mirror = new Mirror(settings, DataDirectory.open(settings.data()));
        mirror.start().block(DEADLINE);
    }

    /** Starts a mirror of a remote that is asked only when a test says so. */
    static RunningMirror of(String remote, Settings.Store store, Path data) {
        return new RunningMirror(new Settings(
                new Remote.Git(GitRemote.parse(remote)),
                store,
                data,
                "127.0.0.1",
                0,
                0,
                Duration.ofHours(1),
                new PublishGuard(0.5),
                new LaneSettings(1, Placement.SHARED, Optional.of(Duration.ofNanos(250_000)), 4)));
    }

    String url() {
        return "http://127.0.0.1:" + mirror.port();
    }

    HttpResponse<byte[]> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(url() + path)));
    }

    HttpResponse<byte[]> getManagement(String path) {
        return send(HttpRequest.newBuilder(management(path)));
    }

    /** Runs an ingest and returns what the mirror says of it. */
    String sync() {
        return new String(
                send(HttpRequest.newBuilder(management("/sync?wait=true")).POST(HttpRequest.BodyPublishers.noBody()))
                        .body(),
                StandardCharsets.UTF_8);
    }

    private URI management(String path) {
        return URI.create("http://127.0.0.1:" + mirror.managementPort() + path);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(DEADLINE).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        mirror.drain().block(DEADLINE);
        mirror.close();
    }
}
