package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.http.Wire.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;

/**
 * A server that is replaced by another while clients ask, who keep their connections and never ask twice: who is told that
 * a connection ends, or that nobody listens any more, goes on at the other.
 */
final class RollOutTest {

    private static final int CLIENTS = 16;

    private final AtomicBoolean over = new AtomicBoolean();
    private volatile int port;

    @RepeatedTest(5)
    void no_request_fails() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (Listener next = Listener.forClients()) {
            List<Future<Integer>> clients;
            try (Listener before = Listener.forClients()) {
                before.published.publish(Samples.snapshot(10));
                next.published.publish(Samples.snapshot(10));
                port = before.port();
                clients = IntStream.range(0, CLIENTS)
                        .mapToObj(number -> threads.submit((Callable<Integer>) this::ask))
                        .toList();
                before.awaitConnections(CLIENTS);

                port = next.port();
                before.server
                        .leave(Duration.ofMillis(500))
                        .then(before.server.drain(Wire.DEADLINE))
                        .block(Wire.DEADLINE);
            }
            next.awaitConnections(CLIENTS);
            over.set(true);
            for (Future<Integer> client : clients) {
                assertThat(client.get(10, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Asks until it is over, and returns how often; fails as soon as a request has no whole answer. */
    private int ask() throws IOException {
        int asked = 0;
        while (!over.get()) {
            try (Wire wire = new Wire(port)) {
                asked += askOn(wire);
            } catch (ConnectException nobodyListens) {
                // The port is another by now.
            }
        }
        return asked;
    }

    private int askOn(Wire wire) throws IOException {
        int asked = 0;
        boolean lasts = true;
        while (lasts && !over.get()) {
            Reply reply = wire.send(Wire.request("GET", "/repo")).read();
            assertThat(reply.text()).isEqualTo(Samples.REPO);
            asked++;
            lasts = reply.header("connection").filter("close"::equals).isEmpty();
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2_000_000));
        }
        return asked;
    }
}
