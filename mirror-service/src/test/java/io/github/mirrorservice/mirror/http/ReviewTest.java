package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.http.Wire.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReviewTest {

    private final Listener listener = Listener.forClients();

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void a_head_of_too_many_fields_is_refused_before_it_ends() throws IOException {
        try (Wire wire = new Wire(listener.port())) {
            long begun = System.nanoTime();
            Reply reply = wire.send("GET /repo HTTP/1.1\r\nHost: x\r\n" + "a:\r\n".repeat(150))
                    .read();
            assertThat(reply.status()).isEqualTo(431);
            assertThat(System.nanoTime() - begun).isLessThan(5_000_000_000L);
        }
    }

    @Test
    void nothing_follows_the_head_of_a_stream_that_is_asked_for_with_head() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream()
                    .write("HEAD /status/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(all).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n").doesNotContain("\r\n\r\n0\r\n");
        }
    }
}
