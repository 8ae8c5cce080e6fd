package io.github.mirrorservice.mirror.prove;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.util.retry.Retry;

/** The mirror, as its users run it: another process, that listens on loopback. */
final class MirrorProcess implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofMinutes(3);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);
    private static final Duration LONGEST_INGEST = Duration.ofMinutes(5);
    private static final Duration PROBE_PAUSE = Duration.ofMillis(100);
    private static final long LONGEST_END_SECONDS = 30;
    private static final Pattern PHASE = Pattern.compile(
            "^mirror_ingest_phase_duration_seconds_sum\\{.*phase=\"(\\w+)\".*} (\\S+)$", Pattern.MULTILINE);

    private final Process process;
    private final Path log;
    private final HttpClient clients;
    private final HttpClient operators;
    private final Thread end;

    private MirrorProcess(Process process, Path log, HttpClient clients, HttpClient operators) {
        this.process = process;
        this.log = log;
        this.clients = clients;
        this.operators = operators;
        // Whoever breaks a proof off shall not leave a mirror behind.
        this.end = new Thread(process::destroy, "proof-end");
        Runtime.getRuntime().addShutdownHook(end);
    }

    /** Starts it; blocks shortly. Its log goes to {@code mirror.log} in the directory of its data. */
    static MirrorProcess start(List<String> program, Cell cell, String remote, Path data, HttpClient client) {
        int port = freePort();
        int management = freePort();
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("--remote", remote, "--host", "127.0.0.1", "--poll", "1h", "--data", data.toString()));
        command.addAll(List.of("--port", Integer.toString(port), "--management-port", Integer.toString(management)));
        command.addAll(cell.flags());
        Path log = data.resolve("mirror.log");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            // What is measured depends on the flags alone.
            builder.environment().keySet().removeIf(MirrorProcess::hasInfluence);
            Process process = builder.start();
            return new MirrorProcess(
                    process,
                    log,
                    client.baseUrl("http://127.0.0.1:" + port),
                    client.baseUrl("http://127.0.0.1:" + management));
        } catch (IOException e) {
            throw new ProofException("the mirror cannot be started: " + e.getMessage());
        }
    }

    private static boolean hasInfluence(String variable) {
        return variable.startsWith("MIRROR_")
                || variable.endsWith("JAVA_OPTIONS")
                || variable.equals("JAVA_TOOL_OPTIONS");
    }

    private static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("there is no free port on loopback", e);
        }
    }

    /** How its clients reach it. */
    HttpClient clients() {
        return clients;
    }

    /** Completes when it serves its first snapshot; fails if that takes minutes, or if it ends. */
    Mono<Void> ready() {
        return text(operators.get().uri("/readyz"), LONGEST_ANSWER)
                .retryWhen(Retry.fixedDelay(LONGEST_START.dividedBy(PROBE_PAUSE), PROBE_PAUSE)
                        .filter(notYet -> process.isAlive()))
                .onErrorMap(cause -> new ProofException("the mirror did not start: " + lastWords()))
                .then();
    }

    private String lastWords() {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.reduce((before, last) -> last).orElse("it said nothing");
        } catch (IOException | UncheckedIOException unreadable) {
            return "its log cannot be read";
        }
    }

    /** Has it ingest what is new, and completes when that is served. */
    Mono<Void> sync() {
        return text(operators.post().uri("/sync?wait=true"), LONGEST_INGEST)
                .flatMap(outcome -> outcome.contains("\"published\"")
                        ? Mono.empty()
                        : Mono.error(new ProofException("an ingest should have brought something new: " + outcome)));
    }

    /** Emits the seconds that it spent in each phase of its ingests so far. */
    Mono<Map<String, Double>> phases() {
        return text(operators.get().uri("/metrics"), LONGEST_ANSWER).map(text -> PHASE.matcher(text)
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> Double.parseDouble(found.group(2)))));
    }

    private static Mono<String> text(HttpClient.ResponseReceiver<?> question, Duration longest) {
        return question.responseSingle((response, body) -> body.asString()
                        .defaultIfEmpty("")
                        .flatMap(text -> response.status().code() == 200
                                ? Mono.just(text)
                                : Mono.error(
                                        new ProofException("the mirror answered " + response.status() + ": " + text))))
                .timeout(longest);
    }

    /** Ends it in order, and waits for that. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(end);
        process.destroy();
        try {
            if (!process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
