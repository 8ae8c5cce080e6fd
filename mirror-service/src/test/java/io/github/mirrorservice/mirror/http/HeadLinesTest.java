package io.github.mirrorservice.mirror.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.http.HeadLines.State;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found in heads before any codec reads them. */
final class HeadLinesTest {

    private static State state(String head) {
        HeadLines lines = new HeadLines();
        lines.read(Unpooled.copiedBuffer(head, ISO_8859_1));
        return lines.state();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nA: b\u0001\r\n\r\n",
                "GET / HTTP/1.1\r\nA: b\u0000\r\n\r\n",
                "GET / HTTP/1.1\r\nA: b\u007f\r\n\r\n",
                "GET / HTTP/1.1\r\nA: b\n\r\n",
                "GET / HTTP/1.1\nA: b\r\n\r\n",
                "GET / HTTP/1.1\r\nA: b\r c\r\n\r\n",
                "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
                "GET  / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1 \r\n\r\n",
                " GET / HTTP/1.1\r\n\r\n",
                "GET\t/ HTTP/1.1\r\n\r\n",
                "GET /\u00e9 HTTP/1.1\r\n\r\n",
                "GET / http/1.1\r\n\r\n"
            })
    void what_somebody_might_read_in_another_way_is_malformed(String head) {
        assertThat(state(head)).isEqualTo(State.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "\r\n\r\nGET / HTTP/1.1\r\nA:\tb c\u00e9\r\nB:\r\n\r\n",
                "POST /x?y HTTP/1.0\r\nHost: a\r\n\r\n\u0000body"
            })
    void a_head_is_complete_with_its_empty_line(String head) {
        assertThat(state(head)).isEqualTo(State.COMPLETE);
    }

    @Test
    void a_head_that_goes_on_is_incomplete() {
        assertThat(state("GET / HTTP/1.1\r\nA: b\r\n\r")).isEqualTo(State.INCOMPLETE);
    }
}
