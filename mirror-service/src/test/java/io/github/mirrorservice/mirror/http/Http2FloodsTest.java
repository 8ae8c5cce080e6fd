package io.github.mirrorservice.mirror.http;

import static io.github.mirrorservice.mirror.http.Http2Wire.CONTINUATION;
import static io.github.mirrorservice.mirror.http.Http2Wire.DATA;
import static io.github.mirrorservice.mirror.http.Http2Wire.END_HEADERS;
import static io.github.mirrorservice.mirror.http.Http2Wire.END_STREAM;
import static io.github.mirrorservice.mirror.http.Http2Wire.GOAWAY;
import static io.github.mirrorservice.mirror.http.Http2Wire.HEADERS;
import static io.github.mirrorservice.mirror.http.Http2Wire.PING;
import static io.github.mirrorservice.mirror.http.Http2Wire.RST_STREAM;
import static io.github.mirrorservice.mirror.http.Http2Wire.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Frames that cost their sender little and a server much, in numbers. Each time the connection that sends them ends, which
 * to wait for in vain is none, and others are answered.
 */
@Timeout(
        value = 60,
        threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a write to a server that has ceased to read waits for ever
final class Http2FloodsTest {

    private static final int ROOM = 65_535;
    private static final int MOST_STREAMS = 100;
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(600);

    private Listener listener;

    @BeforeEach
    void listen() {
        listener = listener(LONG);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    private static Listener listener(Duration rest) {
        Listener listener = Listener.forClients(
                new ServerSettings("127.0.0.1", 0, 100, 100, rest, rest, LONG, 1, true, Optional.empty()));
        listener.published.publish(Samples.snapshot(3_000_000));
        return listener;
    }

    /** What is sent without end. */
    private enum Flood {
        /** CVE-2023-44487. */
        STREAMS_THAT_ARE_RESET_AT_ONCE {
            @Override
            void sendTo(Http2Wire wire) throws IOException {
                for (int stream = 1; stream < 20_000; stream += 2) {
                    wire.get(stream, "/index.tar.gz").send(RST_STREAM, 0, stream, new byte[] {0, 0, 0, CANCEL});
                }
            }
        },
        /** CVE-2025-8671: by an error of its client, the server resets the stream itself. */
        STREAMS_THAT_THE_SERVER_IS_MADE_TO_RESET {
            @Override
            void sendTo(Http2Wire wire) throws IOException {
                for (int stream = 1; stream < 20_000; stream += 2) {
                    wire.get(stream, "/index.tar.gz").window(stream, 0);
                }
            }
        },
        /** CVE-2024-27316. */
        A_HEAD_WITHOUT_END {
            @Override
            void sendTo(Http2Wire wire) throws IOException {
                wire.send(HEADERS, END_STREAM, 1);
                for (int frame = 0; frame < 10_000; frame++) {
                    wire.send(CONTINUATION, 0, 1, field("x" + frame, "y".repeat(100)));
                }
            }
        },
        A_HEAD_OF_EMPTY_FRAMES {
            @Override
            void sendTo(Http2Wire wire) throws IOException {
                wire.send(HEADERS, END_STREAM, 1).repeat(Http2Wire.frame(CONTINUATION, 0, 1), 100_000);
            }
        },
        /** CVE-2019-9512. */
        PINGS_WHOSE_ANSWERS_NOBODY_READS {
            @Override
            void sendTo(Http2Wire wire) throws IOException {
                leaveUnread(wire);
                wire.repeat(many(Http2Wire.frame(PING, 0, 0, new byte[8])), 4_000);
            }
        },
        /** CVE-2019-9515. */
        SETTINGS_WHOSE_ANSWERS_NOBODY_READS {
            @Override
            void sendTo(Http2Wire wire) throws IOException {
                leaveUnread(wire);
                wire.repeat(many(Http2Wire.frame(SETTINGS, 0, 0)), 4_000);
            }
        },
        /** CVE-2019-9518. */
        A_BODY_OF_EMPTY_FRAMES {
            @Override
            void sendTo(Http2Wire wire) throws IOException {
                wire.request(1, "POST", "/index.tar.gz", false).repeat(Http2Wire.frame(DATA, 0, 1), 100_000);
            }
        };

        abstract void sendTo(Http2Wire wire) throws IOException;

        /** More than the kernel takes, so that all further answers wait with the server. */
        private static void leaveUnread(Http2Wire wire) throws IOException {
            wire.window(0, 1 << 30);
            for (int stream = 1; stream < 10; stream += 2) {
                wire.get(stream, "/index.tar.gz").window(stream, 1 << 24);
            }
        }

        private static byte[] many(byte[] frame) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int number = 0; number < 1_000; number++) {
                frames.writeBytes(frame);
            }
            return frames.toByteArray();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_flood_ends_its_connection_and_others_are_answered(Flood flood) throws IOException {
        try (Http2Wire wire = Http2Wire.open(narrow(), ROOM)) {
            assertThat(ends(wire, flood)).isTrue();
        }
        assertThat(Wire.get(listener.port(), "/repo").status()).isEqualTo(200);
        listener.awaitConnections(0);
    }

    /** That the deadline for an answer passes is another exception than these two. */
    private static boolean ends(Http2Wire wire, Flood flood) throws IOException {
        try {
            flood.sendTo(wire);
            wire.await(GOAWAY, 0);
            return true;
        } catch (EOFException | SocketException ended) {
            return true;
        }
    }

    /** A client that keeps little of what it does not read. */
    private Socket narrow() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(32 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()));
        return socket;
    }

    @Test
    void of_more_streams_than_were_announced_each_is_refused() throws IOException {
        try (Http2Wire wire = Http2Wire.open(listener.port(), 0)) {
            wire.await(SETTINGS, 0);
            int last = 2 * MOST_STREAMS + 1;
            for (int stream = 1; stream <= last; stream += 2) {
                wire.get(stream, "/index.tar.gz");
            }
            assertThat(wire.await(RST_STREAM, last).error()).isEqualTo(REFUSED_STREAM);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10})
    void a_head_that_begins_and_never_ends_is_not_waited_for(int fields) throws IOException {
        try (Listener hasty = listener(SHORT);
                Http2Wire wire = Http2Wire.open(hasty.port(), ROOM)) {
            wire.send(HEADERS, END_STREAM, 1, field("x", "y".repeat(fields)));
            assertThat(wire.ends()).isTrue();
        }
    }

    @Test
    void a_small_head_that_unfolds_into_a_large_one_is_not_unfolded() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(0x40); // kept in the table, RFC 7541, section 6.2.1, which gives it the index 62
        head.writeBytes(text("x"));
        head.writeBytes(text("y".repeat(100)));
        for (int time = 0; time < 10_000; time++) {
            head.write(0x80 | 62);
        }
        try (Http2Wire wire = Http2Wire.open(listener.port(), ROOM)) {
            wire.send(HEADERS, END_HEADERS | END_STREAM, 1, head.toByteArray());
            assertThat(wire.await(HEADERS, 1).status()).isEqualTo(431);
        }
        listener.awaitConnections(0);
        assertThat(Wire.get(listener.port(), "/repo").status()).isEqualTo(200);
    }

    /** A literal that is not indexed: RFC 7541, section 6.2.2. */
    private static byte[] field(String name, String value) {
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        field.write(0);
        field.writeBytes(text(name));
        field.writeBytes(text(value));
        return field.toByteArray();
    }

    private static byte[] text(String text) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        written.write(text.length());
        written.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        return written.toByteArray();
    }
}
