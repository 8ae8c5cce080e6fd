package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("try")
final class RedirectsTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final Asking asking = new Asking(Map.of(), "127.0.0.1");

    @AfterEach
    void close() {
        asking.close();
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

    @Test
    void nothing_that_one_host_gave_is_told_to_the_one_it_redirects_to() throws IOException {
        try (RawOrigin other = RawOrigin.saying(target -> OK);
                RawOrigin first = RawOrigin.saying(target -> redirect(other.url("/there?own=1"))
                        .replace("Location", "Set-Cookie: secret=1\r\nWWW-Authenticate: Basic\r\nLocation"))) {
            assertThat(asking.body(first.url("/here?token=secret"))).isEqualTo("ok");
            assertThat(other.heads().get(0))
                    .startsWith("GET /there?own=1 HTTP/1.1\n")
                    .containsIgnoringCase("host: 127.0.0.1:" + other.port())
                    .doesNotContainIgnoringCase("secret")
                    .doesNotContainIgnoringCase("referer")
                    .doesNotContainIgnoringCase("authorization")
                    .doesNotContainIgnoringCase("cookie");
        }
    }

    private static String redirect(String location) {
        return "HTTP/1.1 302 x\r\nContent-Length: 99999999\r\nLocation: " + location + "\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void every_status_that_redirects_is_followed(int status) throws IOException {
        try (RawOrigin origin = RawOrigin.saying(
                target -> target.equals("/0") ? OK : redirect("/0").replace("302", "" + status))) {
            assertThat(asking.body(origin.url("/1"))).isEqualTo("ok");
        }
    }
}
