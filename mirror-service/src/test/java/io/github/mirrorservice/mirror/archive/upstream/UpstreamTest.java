package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

@SuppressWarnings("try")
final class UpstreamTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final Asking asking = new Asking(Map.of(), "127.0.0.1");

    @AfterEach
    void close() {
        asking.close();
    }

    @Test
    void an_archive_comes_with_its_length_and_validator() throws IOException {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: \"v\"\r\nSet-Cookie: a=b\r\n\r\nok";
        try (RawOrigin origin = RawOrigin.saying(target -> answer)) {
            String said = asking.upstream
                    .get(Request.of(origin.url("/a%2Fb c[1]?q#f")), reply -> reply.body()
                            .map(body -> reply.length() + " " + reply.from() + " " + reply.validator()))
                    .blockLast(Asking.DEADLINE);
            assertThat(said).isEqualTo("OptionalLong[2] 0 Optional[\"v\"]");
            assertThat(origin.heads().get(0))
                    .startsWith("GET /a%2Fb%20c%5B1%5D?q HTTP/1.1\n")
                    .containsIgnoringCase("user-agent: mirror-service/test")
                    .doesNotContainIgnoringCase("accept-encoding")
                    .doesNotContainIgnoringCase("cookie");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\nok",
                "HTTP/1.0 200 OK\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Encoding: x-gzip\r\nContent-Length: 2\r\n\r\nok"
            })
    void every_framing_is_read_and_nothing_is_unpacked(String answer) throws IOException {
        try (RawOrigin origin = RawOrigin.saying(target -> answer)) {
            assertThat(asking.body(origin.url("/"))).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "404,STATUS",
        "410,STATUS",
        "403,STATUS",
        "401,STATUS",
        "204,STATUS",
        "304,STATUS",
        "206,STATUS",
        "416,STATUS",
        "300,STATUS",
        "429,BUSY",
        "503,BUSY",
        "500,SERVER",
        "502,SERVER"
    })
    void a_status_tells_the_reason(int status, Reason reason) throws IOException {
        try (RawOrigin origin =
                RawOrigin.saying(target -> "HTTP/1.1 " + status + " x\r\nContent-Length: 99999999999\r\n\r\nbody")) {
            assertThat(asking.failure(origin.url("/")))
                    .hasMessageContaining("127.0.0.1")
                    .hasMessageContaining("" + status)
                    .satisfies(failure -> assertThat(failure.reason()).isEqualTo(reason));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7|7",
                "99999999|3600",
                "Thu, 01 Jan 2026 00:01:00 GMT|60",
                "soon|",
                "-1|",
                "Thu, 01 Jan 2015 00:00:00 GMT|"
            })
    void a_busy_host_is_left_alone_for_as_long_as_it_asks(String header, Long seconds) throws IOException {
        try (RawOrigin origin = RawOrigin.saying(
                target -> "HTTP/1.1 503 x\r\nContent-Length: 0\r\nRetry-After: " + header + "\r\n\r\n")) {
            Optional<Duration> rest = Optional.ofNullable(seconds).map(Duration::ofSeconds);
            assertThat(asking.failure(origin.url("/")).retryAfter()).isEqualTo(rest);
            assertThat(asking.failure(origin.url("/")).reason())
                    .isEqualTo(rest.isPresent() ? Reason.RESTING : Reason.BUSY);
            assertThat(origin.visits()).isEqualTo(rest.isPresent() ? 1 : 2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n"
            })
    void a_body_that_ends_early_is_not_whole(String answer) throws IOException {
        try (RawOrigin origin = RawOrigin.saying(target -> answer)) {
            assertThat(asking.failure(origin.url("/")).reason()).isEqualTo(Reason.TRUNCATED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n\r\n", "SSH-2.0-x\r\n", "HTTP/1.1 200 OK\r\nX: "})
    void what_is_no_answer_is_no_answer(String answer) throws IOException {
        String large = "x".repeat(100_000);
        try (RawOrigin origin = RawOrigin.saying(target -> answer.endsWith(" ") ? answer + large : answer)) {
            assertThat(asking.failure(origin.url("/")).reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(asking.failure(origin.url("/").replace("http:", "https:"))
                            .reason())
                    .isEqualTo(Reason.UNREACHABLE);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "206|Content-Range: bytes 3-4/5|ok",
                "200|ETag: \"w\"|ok",
                "206|Content-Range: bytes 2-4/5|TRUNCATED",
                "206|Content-Range: bytes 3-3/5|TRUNCATED",
                "206|Content-Range: bytes 3-5/6|TRUNCATED",
                "206|Content-Range: bytes 3-4/*|TRUNCATED",
                "206|X: y|TRUNCATED",
                "416|X: y|TRUNCATED"
            })
    void a_resume_gets_the_rest_or_all_of_it(int status, String header, String outcome) throws IOException {
        try (RawOrigin origin = RawOrigin.saying(
                target -> "HTTP/1.1 " + status + " x\r\nContent-Length: 2\r\n" + header + "\r\n\r\nok")) {
            Request request = Asking.resuming(origin.url("/"));
            if (outcome.equals("ok")) {
                assertThat(asking.body(request)).isEqualTo("ok");
            } else {
                assertThat(asking.failure(request).reason()).isEqualTo(Reason.valueOf(outcome));
            }
            assertThat(origin.heads().get(0))
                    .containsIgnoringCase("range: bytes=3-\n")
                    .containsIgnoringCase("if-range: \"v\"\n");
        }
    }

    @Test
    void the_rest_of_another_archive_is_none() throws IOException {
        try (RawOrigin origin = RawOrigin.saying(target ->
                "HTTP/1.1 206 x\r\nContent-Length: 2\r\nETag: \"w\"\r\n" + "Content-Range: bytes 3-4/5\r\n\r\nok")) {
            assertThat(asking.failure(Asking.resuming(origin.url("/"))).reason())
                    .isEqualTo(Reason.TRUNCATED);
        }
    }

    @Test
    void what_the_receiver_fails_with_is_not_taken_for_the_hosts_failure() throws IOException {
        try (RawOrigin origin = RawOrigin.saying(target -> OK)) {
            assertThat(asking.upstream
                            .get(Request.of(origin.url("/")), reply -> Flux.error(new IllegalStateException("full")))
                            .materialize()
                            .blockLast(Asking.DEADLINE))
                    .satisfies(end -> assertThat(end.getThrowable()).isInstanceOf(IllegalStateException.class));
        }
    }
}
