package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.http.Wire.Reply;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.resources.LoopResources;

final class ServerTest {

    private static final int LARGE = 20_000_000;
    private static final Snapshot SNAPSHOT = Samples.snapshot(LARGE);
    private static final Duration LONG = Duration.ofSeconds(60);

    private Listener listener;

    @BeforeEach
    void listen() {
        listener = Listener.forClients(settings(10, 4));
        listener.published.publish(SNAPSHOT);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void an_answer_under_way_is_finished_while_nobody_is_let_in() throws Exception {
        try (Wire running = new Wire(listener.port());
                Wire resting = new Wire(listener.port())) {
            assertThat(resting.send(Wire.request("GET", "/repo")).read().status())
                    .isEqualTo(200);
            assertThat(running.send(Wire.request("GET", "/index.tar.gz")).readHead())
                    .isEqualTo(200);

            CompletableFuture<Void> drained = listener.server.drain(LONG).toFuture();
            assertThat(resting.ends()).isTrue();
            assertThatThrownBy(() -> Wire.get(listener.port(), "/repo")).isInstanceOf(ConnectException.class);
            assertThat(drained).isNotDone();

            assertThat(running.exactly(LARGE)).isEqualTo(Samples.bytes(SNAPSHOT.index()));
            assertThat(running.ends()).isTrue();
            drained.get(10, TimeUnit.SECONDS);
            assertThat(listener.server.connections()).isZero();
        }
    }

    @Test
    void an_answer_that_takes_too_long_is_cut() throws Exception {
        try (Wire running = new Wire(listener.port())) {
            assertThat(running.send(Wire.request("GET", "/index.tar.gz")).readHead())
                    .isEqualTo(200);

            listener.server.drain(Duration.ofMillis(200)).block(Wire.DEADLINE);

            assertThat(listener.server.connections()).isZero();
            assertThatThrownBy(() -> running.exactly(LARGE)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_server_at_rest_is_drained_at_once() {
        listener.server.drain(LONG).block(Wire.DEADLINE);

        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), listener.port()))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void one_address_has_its_share_of_connections_and_others_have_theirs() throws IOException {
        List<Wire> held = new ArrayList<>();
        for (int connection = 0; connection < 4; connection++) {
            held.add(new Wire(from("127.0.0.2")));
            assertThat(held.get(connection)
                            .send(Wire.request("GET", "/repo"))
                            .read()
                            .status())
                    .isEqualTo(200);
        }

        try (Wire beyond = new Wire(from("127.0.0.2"))) {
            Reply reply = beyond.send(Wire.request("GET", "/repo")).read();
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.header("retry-after")).isPresent();
            assertThat(beyond.ends()).isTrue();
        }
        assertThat(Wire.get(listener.port(), "/repo").status()).isEqualTo(200);
        listener.awaitCounted(Map.of("GET /repo 200", 5L, "_OTHER _refused 503", 1L));

        held.remove(0).close();
        listener.awaitConnections(3);
        try (Wire again = new Wire(from("127.0.0.2"))) {
            assertThat(again.send(Wire.request("GET", "/repo")).read().status()).isEqualTo(200);
        }
        for (Wire wire : held) {
            wire.close();
        }
    }

    @Test
    void not_everybody_of_a_flood_is_told_that_there_is_no_room() throws IOException {
        List<Wire> flood = new ArrayList<>();
        for (int connection = 0; connection < 600; connection++) {
            flood.add(new Wire(from("127.0.0.2")));
        }
        assertThat(flood.get(599).ends()).isTrue();
        assertThat(listener.server.connections()).isLessThan(520);
        assertThat(Wire.get(listener.port(), "/repo").status()).isEqualTo(200);
        for (Wire wire : flood) {
            wire.close();
        }
    }

    @Test
    void whom_there_is_no_room_for_takes_none_from_others() throws IOException {
        List<Wire> flood = new ArrayList<>();
        for (int connection = 0; connection < 20; connection++) {
            flood.add(new Wire(from("127.0.0.2")));
        }
        for (Wire beyond : flood.subList(4, 20)) {
            assertThat(beyond.read().status()).isEqualTo(503);
        }

        assertThat(Wire.get(listener.port(), "/repo").status()).isEqualTo(200);
        listener.awaitConnections(4); // who was told so and does not leave is closed
        for (Wire wire : flood) {
            wire.close();
        }
    }

    @Test
    void addresses_that_one_host_can_have_count_as_one() throws IOException {
        assertThat(Connections.network(InetAddress.getByName("2001:db8:1:2::1")))
                .isEqualTo(Connections.network(InetAddress.getByName("2001:db8:1:2:ffff::2")))
                .isNotEqualTo(Connections.network(InetAddress.getByName("2001:db8:1:3::1")));
        assertThat(Connections.network(InetAddress.getByName("192.0.2.1")))
                .isNotEqualTo(Connections.network(InetAddress.getByName("192.0.2.2")));
    }

    @Test
    void all_addresses_together_have_a_bound() throws IOException {
        List<Wire> held = new ArrayList<>();
        for (int connection = 0; connection < 10; connection++) {
            held.add(new Wire(from("127.0.0." + (connection / 4 + 2))));
            assertThat(held.get(connection)
                            .send(Wire.request("GET", "/repo"))
                            .read()
                            .status())
                    .isEqualTo(200);
        }

        assertThat(Wire.get(listener.port(), "/repo").status()).isEqualTo(503);
        for (Wire wire : held) {
            wire.close();
        }
    }

    @Test
    void an_address_in_use_is_said_to_be() {
        LoopResources loops = LoopResources.create("second", 1, true);
        ServerSettings taken = ServerSettings.of("127.0.0.1", listener.port());

        assertThatThrownBy(() -> Server.bind(taken, loops, Routes.forOperators(Listener.operations(Mono.never())))
                        .block(Wire.DEADLINE))
                .isInstanceOf(ChannelBindException.class)
                .hasMessageContaining("127.0.0.1:" + listener.port());
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).block(Wire.DEADLINE);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1, 1, 1, 1",
        "65536, 1, 1, 1, 1",
        "0, 0, 1, 1, 1",
        "0, 1, 0, 1, 1",
        "0, 1, 1, 0, 1",
        "0, 1, 1, -1, 1",
        "0, 1, 1, 1, 0",
    })
    void settings_out_of_bounds_are_refused(int port, int connections, int perAddress, int seconds, int slowest) {
        Duration timeout = Duration.ofSeconds(seconds);

        assertThatThrownBy(() -> new ServerSettings(
                        "localhost",
                        port,
                        connections,
                        perAddress,
                        timeout,
                        timeout,
                        timeout,
                        slowest,
                        false,
                        Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Socket from(String address) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()));
        return socket;
    }

    private static ServerSettings settings(int connections, int perAddress) {
        return new ServerSettings(
                "127.0.0.1", 0, connections, perAddress, LONG, LONG, LONG, 1, false, Optional.empty());
    }
}
