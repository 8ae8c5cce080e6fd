package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Connections that are refused, or broken by force. */
@SuppressWarnings("try")
final class FallbackTest {

    @Test
    void the_second_address_is_tried_when_the_first_refuses() throws IOException {
        Map<String, List<String>> names = Map.of("two.example", List.of("127.0.0.3", "127.0.0.2"));
        try (Asking asking = new Asking(names, "127.0.0.0/8");
                RawOrigin origin = RawOrigin.on(
                        "127.0.0.2",
                        (head, client) -> RawOrigin.say(client, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))) {
            assertThat(asking.body("http://two.example:" + origin.port() + "/")).isEqualTo("ok");
        }
    }

    @Test
    void a_reset_before_the_answer_is_no_answer_and_one_in_the_body_breaks_it_off() throws IOException {
        for (String said : List.of("", "HTTP/1.1 200 OK\r\n\r\nsome")) {
            try (Asking asking = new Asking(Map.of(), "127.0.0.1");
                    RawOrigin origin = RawOrigin.of((head, client) -> {
                        RawOrigin.say(client, said);
                        RawOrigin.pause(client);
                        client.setSoLinger(true, 0);
                    })) {
                assertThat(asking.failure(origin.url("/")).reason())
                        .isEqualTo(said.isEmpty() ? Reason.UNREACHABLE : Reason.TRUNCATED);
            }
        }
    }
}
