package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
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

    @Test
    void no_framing_lets_more_through_than_is_allowed() throws IOException {
        String large = "x".repeat(100_001);
        String chunk = Integer.toHexString(large.length()) + "\r\n" + large + "\r\n0\r\n\r\n";
        for (String answer : new String[] {
            "HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n" + large,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk
        }) {
            try (RawOrigin origin = RawOrigin.saying(target -> answer)) {
                assertThat(asking.failure(origin.url("/")).reason()).isEqualTo(Reason.SIZE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\nok"
            })
    void a_host_that_falls_silent_is_not_waited_for(String said) throws IOException {
        UpstreamSettings brief = quick(Duration.ofSeconds(5));
        try (Asking hasty = new Asking(brief, Map.of(), "127.0.0.1");
                RawOrigin origin = RawOrigin.of((head, client) -> {
                    RawOrigin.say(client, said);
                    RawOrigin.awaitEnd(client);
                })) {
            assertThat(hasty.failure(origin.url("/")).reason()).isEqualTo(Reason.TIMEOUT);
        }
    }

    @Test
    void a_body_that_drips_or_never_ends_is_not_waited_for() throws IOException {
        try (Asking hasty = new Asking(quick(Duration.ofSeconds(5)), Map.of(), "127.0.0.1");
                Asking patient = new Asking(quick(Duration.ofMillis(300)), Map.of(), "127.0.0.1");
                RawOrigin drip = drip("x");
                RawOrigin flow = drip("x".repeat(1_000))) {
            assertThat(hasty.failure(drip.url("/")).reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(patient.failure(flow.url("/")).reason()).isEqualTo(Reason.TIMEOUT);
        }
    }

    private static UpstreamSettings quick(Duration total) {
        return new UpstreamSettings(
                "x",
                Duration.ofMillis(300),
                Duration.ofMillis(300),
                Duration.ofMillis(500),
                total,
                1_000,
                1_000_000,
                5,
                2,
                3,
                4);
    }

    private static RawOrigin drip(String drop) {
        return RawOrigin.of((head, client) -> {
            RawOrigin.say(client, "HTTP/1.1 200 OK\r\n\r\n");
            client.setSoTimeout(20);
            for (int drops = 0; drops < 500; drops++) {
                RawOrigin.say(client, drop);
                RawOrigin.pause(client);
            }
        });
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
    void a_host_that_fails_again_and_again_rests_longer_and_longer_until_it_succeeds() throws IOException {
        try (RawOrigin origin =
                RawOrigin.saying(target -> target.equals("/ok") ? OK : "HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n")) {
            for (int failures = 0; failures < 5; failures++) {
                assertThat(asking.failure(origin.url("/")).reason()).isEqualTo(Reason.SERVER);
            }
            for (int rest : new int[] {30, 60, 120, 240, 480, 600, 600}) {
                ArchiveException.Source resting = asking.failure(origin.url("/"));
                assertThat(resting.reason()).isEqualTo(Reason.RESTING);
                assertThat(resting.retryAfter()).contains(Duration.ofSeconds(rest));
                asking.now.updateAndGet(now -> now.plusSeconds(rest));
                assertThat(asking.failure(origin.url("/")).reason()).isEqualTo(Reason.SERVER);
            }
            asking.now.updateAndGet(now -> now.plusSeconds(600));
            assertThat(asking.body(origin.url("/ok"))).isEqualTo("ok");
            assertThat(asking.failure(origin.url("/")).reason()).isEqualTo(Reason.SERVER);
            assertThat(asking.failure(origin.url("/")).reason()).isEqualTo(Reason.SERVER);
        }
    }

    @Test
    void no_more_requests_go_on_than_allowed_and_the_others_wait() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        RawOrigin.Script slow = (head, client) -> {
            RawOrigin.say(client, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
            RawOrigin.await(go);
            RawOrigin.say(client, "k");
        };
        UpstreamSettings calm = new UpstreamSettings(
                "x",
                Duration.ofSeconds(9),
                Duration.ofSeconds(9),
                Duration.ofSeconds(9),
                Duration.ofSeconds(9),
                1,
                100,
                5,
                2,
                3,
                4);
        try (RawOrigin one = RawOrigin.of(slow);
                RawOrigin two = RawOrigin.of(slow);
                Asking many = new Asking(calm, Map.of(), "127.0.0.1")) {
            CountDownLatch begun = new CountDownLatch(3);
            CountDownLatch done = new CountDownLatch(5);
            for (String url : new String[] {one.url("/"), one.url("/"), one.url("/"), two.url("/"), two.url("/")}) {
                many.asking(Request.of(url))
                        .doOnNext(o -> begun.countDown())
                        .doFinally(end -> done.countDown())
                        .subscribe();
            }
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(one.visits()).isEqualTo(2);
            assertThat(two.visits()).isEqualTo(1);
            go.countDown();
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(one.visits() + two.visits()).isEqualTo(5);
        }
    }

    @Test
    void cancelling_closes_the_connection() throws Exception {
        for (String said : new String[] {"", OK.substring(0, OK.length() - 1)}) {
            CountDownLatch come = new CountDownLatch(1);
            CountDownLatch gone = new CountDownLatch(1);
            try (RawOrigin origin = RawOrigin.of((head, client) -> {
                        RawOrigin.say(client, said);
                        come.countDown();
                        if (RawOrigin.awaitEnd(client)) {
                            gone.countDown();
                        }
                    });
                    Asking calm = new Asking(UpstreamSettings.standard("x"), Map.of(), "127.0.0.1")) {
                Disposable request = calm.asking(Request.of(origin.url("/"))).subscribe();
                assertThat(come.await(10, TimeUnit.SECONDS)).isTrue();
                request.dispose();
                assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
            }
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

    @Test
    void redirects_are_followed_by_hand_up_to_a_bound() throws IOException {
        try (RawOrigin origin = RawOrigin.saying(
                target -> target.equals("/0") ? OK : redirect("/" + (Integer.parseInt(target.substring(1)) - 1)))) {
            assertThat(asking.body(origin.url("/5"))).isEqualTo("ok");
            assertThat(asking.failure(origin.url("/6")).reason()).isEqualTo(Reason.REDIRECT);
        }
    }

    @Test
    void a_redirect_may_be_relative_or_to_another_host() throws IOException {
        try (RawOrigin other = RawOrigin.saying(target -> "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + target)) {
            for (String[] pair : Stream.of(
                            "x ../x",
                            "/a/x x",
                            "/a/b?q ?q",
                            "/q //127.0.0.1:" + other.port() + "/q",
                            "/z " + other.url("/z"))
                    .map(text -> text.split(" ", -1))
                    .toArray(String[][]::new)) {
                String expected = pair[0].startsWith("/") ? pair[0] : "/" + pair[0];
                try (RawOrigin origin = RawOrigin.saying(
                        target -> target.equals("/a/b") ? redirect(pair[1]) : "HTTP/1.1 200 OK\r\n\r\n" + target)) {
                    assertThat(asking.body(origin.url("/a/b"))).isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.2:PORT/,ADDRESS",
        "http://169.254.169.254/,ADDRESS",
        "http://127.1/,REDIRECT",
        "'',REDIRECT",
        "ftp://x/,REDIRECT",
        "javascript:1,REDIRECT",
        "http://a b/,REDIRECT",
        "\\\\127.0.0.1,REDIRECT",
        "/loop,REDIRECT"
    })
    void a_redirect_leads_only_where_a_request_may(String location, Reason reason) throws IOException {
        try (RawOrigin hidden = RawOrigin.on("127.0.0.2", (head, client) -> RawOrigin.say(client, OK))) {
            String there = location.replace("PORT", "" + hidden.port());
            try (RawOrigin first = RawOrigin.saying(target -> redirect(there))) {
                assertThat(asking.failure(Asking.trusted(first.url("/"))).reason())
                        .isEqualTo(reason);
            }
            assertThat(hidden.visits()).isZero();
        }
    }

    private static String redirect(String location) {
        return "HTTP/1.1 302 x\r\nContent-Length: 99999999\r\nLocation: " + location + "\r\n\r\n";
    }
}
