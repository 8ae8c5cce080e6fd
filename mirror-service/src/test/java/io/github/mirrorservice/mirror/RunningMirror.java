package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A whole mirror inside the test's process, on ports of its own choice, set up as its command line would, and a client of it. */
final class RunningMirror implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(DEADLINE).build();
    private final Mirror mirror;

    private RunningMirror(Mirror mirror) {
        this.mirror = mirror;
    }

    /** Starts to mirror the remote; looks at it once, and again only when asked to. */
    static RunningMirror of(String remote, Path data) {
        return of(remote, Settings.Store.FILE, data);
    }

    static RunningMirror of(String remote, Settings.Store store, Path data) {
        return of(remote, data, "--git-store=" + store.name().toLowerCase(Locale.ROOT));
    }

    /** The same with more options. */
    static RunningMirror of(String remote, Path data, String... more) {
        ServeOptions options = new ServeOptions();
        new CommandLine(options)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(Stream.concat(Stream.of("--remote=" + remote, "--data=" + data), standard(more))
                        .toArray(String[]::new));
        Mirror mirror = new Mirror(options.settings(), DataDirectory.open(data));
        mirror.start().block(DEADLINE);
        return new RunningMirror(mirror);
    }

    private static Stream<String> standard(String... more) {
        return Stream.concat(
                Stream.of(
                        "--host=127.0.0.1",
                        "--port=0",
                        "--management-port=0",
                        "--event-loops=1",
                        "--max-loss=50%",
                        "--poll=1h"),
                Stream.of(more));
    }

    /** The address that opam is pointed at. */
    String url() {
        return "http://127.0.0.1:" + mirror.port();
    }

    /** Has the mirror look at the remote, and returns what it says of that in the end. */
    String sync() {
        HttpResponse<byte[]> answer =
                send(HttpRequest.newBuilder(management("/sync?wait=true")).POST(BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(200);
        return new String(answer.body(), UTF_8);
    }

    /** Has the mirror look at the remote, and does not wait for that. */
    void ask() {
        HttpResponse<byte[]> answer =
                send(HttpRequest.newBuilder(management("/sync")).POST(BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(202);
    }

    HttpResponse<byte[]> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(url() + path)));
    }

    HttpResponse<byte[]> getManagement(String path) {
        return send(HttpRequest.newBuilder(management(path)));
    }

    int managementPort() {
        return mirror.managementPort();
    }

    /** How many opam files the published snapshot holds, as the mirror says itself. */
    int opamFiles() {
        String json = new String(get("/snapshot.json").body(), UTF_8);
        Matcher matcher = Pattern.compile("\"opam_files\": *(\\d+)").matcher(json);
        assertThat(matcher.find()).as(json).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    /** Waits until something is so that comes about in the background. */
    void await(BooleanSupplier condition) {
        Flux.interval(Duration.ofMillis(10), Schedulers.boundedElastic())
                .filter(tick -> condition.getAsBoolean())
                .blockFirst(DEADLINE);
    }

    /** Has the mirror end its work, as a shutdown does. */
    Mono<Void> drain() {
        return mirror.drain(Duration.ZERO);
    }

    private URI management(String path) {
        return URI.create("http://127.0.0.1:" + mirror.managementPort() + path);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(DEADLINE).build(), BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("the mirror does not answer", e);
        }
    }

    @Override
    public void close() {
        drain().block(DEADLINE);
        mirror.close();
    }
}
