package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.http.Wire.Reply;
import io.github.mirrorservice.mirror.opam.Outcome;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

final class PatienceTest {

    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int LARGE = 20_000_000;
    private static final Snapshot SNAPSHOT = Samples.snapshot(LARGE);

    private final List<Listener> listeners = new ArrayList<>();

    @AfterEach
    void close() {
        listeners.forEach(Listener::close);
    }

    @Test
    void a_client_that_says_nothing_is_told_so_and_closed() throws IOException {
        Listener listener = listener(SHORT, LONG, LONG);
        try (Wire wire = new Wire(listener.port())) {
            assertThat(wire.read().status()).isEqualTo(408);
            assertThat(wire.ends()).isTrue();
        }
    }

    @Test
    void a_head_that_comes_drop_by_drop_is_not_waited_for() throws IOException {
        Listener listener = listener(SHORT, LONG, LONG);
        try (Wire wire = new Wire(listener.port())) {
            wire.send(Wire.request("GET", "/repo")).read();
            wire.send("GET /repo HTTP/1.1\r\nHost: localhost\r\n");
            long begun = System.nanoTime();
            assertThat(dripUntilAnswered(wire).status()).isEqualTo(408);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SHORT.multipliedBy(5));
            assertThat(Wire.get(listener.port(), "/repo").status()).isEqualTo(200);
        }
    }

    @Test
    void empty_lines_before_a_head_are_not_waited_for_either() throws IOException {
        Listener listener = listener(SHORT, LONG, LONG);
        try (Wire wire = new Wire(listener.port())) {
            wire.send(Wire.request("GET", "/repo")).read();
            assertThat(dripUntilAnswered(wire, "\r\n").status()).isEqualTo(408);
        }
    }

    private static Reply dripUntilAnswered(Wire wire) throws IOException {
        return dripUntilAnswered(wire, "x");
    }

    /** Another drop every 50 ms, for as long as nobody answers, but not for ever. */
    private static Reply dripUntilAnswered(Wire wire, String drop) throws IOException {
        for (int drops = 0; drops < 100 && !wire.isAnswered(); drops++) {
            wire.drip(drop);
            pause(50);
        }
        return wire.read();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /repo HTTP/1.1\r\nHost:", "\r\n"})
    void who_ends_their_side_before_a_request_is_not_waited_for(String sent) throws IOException {
        Listener listener = listener(LONG, LONG, LONG);
        try (Wire wire = new Wire(listener.port())) {
            wire.send(sent).endsItsSide();
            listener.awaitConnections(0);
        }
    }

    @Test
    void who_ends_their_side_after_a_request_leaves_nothing_open() throws IOException {
        Listener listener = listener(LONG, LONG, LONG);
        try (Wire wire = new Wire(narrow(listener.port()))) {
            wire.send(Wire.request("GET", "/index.tar.gz")).endsItsSide();
            assertThat(wire.ends()).isTrue();
            listener.awaitConnections(0);
        }
    }

    @Test
    void who_is_gone_in_the_middle_of_an_answer_leaves_nothing_open() throws IOException {
        Listener listener = listener(LONG, LONG, LONG);
        Wire wire = new Wire(narrow(listener.port()));
        wire.send(Wire.request("GET", "/index.tar.gz")).readHead();
        wire.reset();
        listener.awaitConnections(0);
        listener.awaitCounted(Map.of("GET /index.tar.gz 499", 1L));
    }

    @Test
    void a_connection_at_rest_is_closed_without_a_word() throws IOException {
        Listener listener = listener(LONG, SHORT, LONG);
        try (Wire wire = new Wire(listener.port())) {
            assertThat(wire.send(Wire.request("GET", "/repo")).read().status()).isEqualTo(200);
            assertThatThrownBy(wire::read).hasMessage("the connection ended after: ");
        }
    }

    @Test
    void a_connection_in_use_outlives_every_bound() throws IOException {
        Listener listener = listener(SHORT, SHORT, SHORT);
        try (Wire wire = new Wire(listener.port())) {
            for (int request = 0; request < 10; request++) {
                assertThat(wire.send(Wire.request("GET", "/repo")).read().status())
                        .isEqualTo(200);
                pause(SHORT.toMillis() / 4);
            }
        }
    }

    @Test
    void a_reader_that_takes_nothing_is_cut_and_others_are_served() throws IOException {
        Listener listener = listener(LONG, LONG, SHORT);
        try (Wire wire = new Wire(narrow(listener.port()))) {
            wire.send(Wire.request("GET", "/index.tar.gz"));
            assertThat(Wire.get(listener.port(), "/repo").status()).isEqualTo(200);
            listener.awaitCounted(Map.of("GET /index.tar.gz 499", 1L, "GET /repo 200", 1L));
            assertThatThrownBy(wire::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_slow_reader_that_reads_on_gets_everything() throws IOException {
        Listener listener = listener(LONG, LONG, SHORT);
        try (Wire wire = new Wire(narrow(listener.port()))) {
            wire.send(Wire.request("GET", "/index.tar.gz"));
            assertThat(wire.readHead()).isEqualTo(200);
            int read = 0;
            for (long begun = System.nanoTime(); System.nanoTime() - begun < SHORT.toNanos() * 4; ) {
                read += wire.exactly(50_000).length;
                pause(30);
            }
            assertThat(wire.exactly(LARGE - read)).hasSize(LARGE - read);
        }
    }

    @Test
    void a_reader_that_takes_little_for_ever_is_cut_in_the_end() throws IOException {
        int slowest = LARGE;
        Listener listener = listener(settings(LONG, LONG, SHORT, slowest));
        try (Wire wire = new Wire(narrow(listener.port()))) {
            wire.send(Wire.request("GET", "/index.tar.gz"));
            assertThat(wire.readHead()).isEqualTo(200);
            assertThatThrownBy(() -> readSteadily(wire, slowest / 10)).isInstanceOf(IOException.class);
        }
        listener.awaitCounted(Map.of("GET /index.tar.gz 499", 1L));
    }

    @Test
    void a_slow_reader_that_keeps_the_rate_gets_everything() throws IOException {
        int slowest = LARGE / 5;
        Listener listener = listener(settings(LONG, LONG, SHORT, slowest));
        try (Wire wire = new Wire(narrow(listener.port()))) {
            wire.send(Wire.request("GET", "/index.tar.gz"));
            assertThat(wire.readHead()).isEqualTo(200);
            assertThat(readSteadily(wire, slowest * 2)).isEqualTo(LARGE);
        }
        listener.awaitCounted(Map.of("GET /index.tar.gz 200", 1L));
    }

    /** Takes so many bytes each second until it has all of the index, and tells how many that were. */
    private static int readSteadily(Wire wire, int rate) throws IOException {
        int read = 0;
        for (long begun = System.nanoTime(); read < LARGE; ) {
            pause(30);
            long due =
                    (System.nanoTime() - begun) * rate / Duration.ofSeconds(1).toNanos();
            read += wire.exactly((int) Math.min(LARGE, due) - read).length;
        }
        return read;
    }

    @Test
    void an_answer_that_is_still_being_made_is_waited_for() throws IOException {
        Mono<Outcome> slow =
                Mono.<Outcome>just(new Outcome.Held("empty", "nothing")).delayElement(SHORT.multipliedBy(4));
        ServerSettings settings = settings(SHORT, SHORT, SHORT);
        try (Listener operators = Listener.forOperators(settings, Listener.operations(slow))) {
            assertThat(Wire.ask(operators.port(), "POST", "/sync?wait=true").status())
                    .isEqualTo(200);
        }
    }

    /** A client whose receive buffer is small, so that what it does not read stays with the server. */
    private static Socket narrow(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(32 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private static void pause(long millis) {
        Mono.delay(Duration.ofMillis(millis)).block();
    }

    private Listener listener(Duration head, Duration idle, Duration write) {
        return listener(settings(head, idle, write));
    }

    private Listener listener(ServerSettings settings) {
        Listener listener = Listener.forClients(settings);
        listeners.add(listener);
        listener.published.publish(SNAPSHOT);
        return listener;
    }

    private static ServerSettings settings(Duration head, Duration idle, Duration write) {
        return settings(head, idle, write, 1);
    }

    private static ServerSettings settings(Duration head, Duration idle, Duration write, int slowestReader) {
        return new ServerSettings("127.0.0.1", 0, 100, 100, head, idle, write, slowestReader, false, Optional.empty());
    }
}
