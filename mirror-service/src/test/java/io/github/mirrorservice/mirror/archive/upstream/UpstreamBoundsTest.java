package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;

@SuppressWarnings("try")
final class UpstreamBoundsTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final Asking asking = new Asking(Map.of(), "127.0.0.1");

    @AfterEach
    void close() {
        asking.close();
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
        try (Asking hasty = new Asking(quick(Duration.ofMinutes(1)), Map.of(), "127.0.0.1");
                Asking patient = new Asking(quick(Duration.ofMillis(300)), Map.of(), "127.0.0.1");
                RawOrigin drip = drip("x");
                RawOrigin flow = drip("x".repeat(1_000))) {
            assertThat(hasty.failure(drip.url("/")).reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(patient.failure(flow.url("/")).reason()).isEqualTo(Reason.TIMEOUT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nX: "})
    void a_head_that_is_always_still_to_come_is_not_waited_for(String said) throws IOException {
        String drop = said.endsWith(" ") ? "x" : said;
        try (Asking hasty = new Asking(quick(Duration.ofMinutes(1)), Map.of(), "127.0.0.1");
                RawOrigin origin = drip(said, drop)) {
            assertThat(hasty.failure(origin.url("/")).reason()).isEqualTo(Reason.TIMEOUT);
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
        return drip("HTTP/1.1 200 OK\r\n\r\n", drop);
    }

    private static RawOrigin drip(String first, String drop) {
        return RawOrigin.of((head, client) -> {
            RawOrigin.say(client, first);
            client.setSoTimeout(20);
            for (int drops = 0; drops < 500; drops++) {
                RawOrigin.say(client, drop);
                RawOrigin.pause(client);
            }
        });
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
}
