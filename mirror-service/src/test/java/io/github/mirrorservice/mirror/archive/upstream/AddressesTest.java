package io.github.mirrorservice.mirror.archive.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

final class AddressesTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static final Map<String, List<String>> NAMES = Map.ofEntries(
            Map.entry("localhost", List.of("127.0.0.1")),
            Map.entry("loop.example", List.of("127.0.0.1")),
            Map.entry("both.example", List.of("8.8.8.8", "127.0.0.1")),
            Map.entry("six.example", List.of("::1")),
            Map.entry("mapped.example", List.of("::ffff:127.0.0.1")),
            Map.entry("metadata.example", List.of("169.254.169.254")));

    static Stream<String> spellings() {
        return Stream.of(
                "127.0.0.1",
                "127.0.0.1.",
                "127.1",
                "127.0.1",
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "0177.0.0.1",
                "127.0.0.01",
                "127.0.0.0x1",
                "0",
                "0.0.0.0",
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "256.0.0.1",
                "[::]",
                "[::1]",
                "[0:0:0:0:0:0:0:1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::127.0.0.1]",
                "[64:ff9b::127.0.0.1]",
                "[64:ff9b:1::8.8.8.8]",
                "[2002:7f00:1::]",
                "[2001::1]",
                "[2001:db8::1]",
                "[3fff::1]",
                "[fc00::1]",
                "[fe80::1]",
                "[fe80::1%25eth0]",
                "[fe80::1%eth0]",
                "[ff02::1]",
                "[fec0::1]",
                "[100::1]",
                "localhost",
                "LOCALHOST",
                "localhost.",
                "loop.example",
                "LOOP.example.",
                "both.example",
                "six.example",
                "mapped.example",
                "metadata.example",
                "user@127.0.0.1",
                "example.com@127.0.0.1",
                "127.0.0.1\\@example.com",
                "example.com\\",
                "127%2E0%2E0%2E1",
                "%3127.0.0.1",
                "１２７.0.0.1",
                "127。0。0。1",
                "ⓛocalhost",
                "a..b",
                "",
                ".",
                "[",
                "[]",
                "127.0.0.1 ",
                " 127.0.0.1",
                "127.0.0.1\t",
                "example.com\r\nHost: x",
                "1.2.3",
                "example.0x7f",
                "example.1");
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void no_spelling_of_an_address_that_is_not_public_is_asked(String host) throws IOException {
        try (RawOrigin origin = RawOrigin.saying(target -> OK);
                Asking asking = new Asking(NAMES)) {
            assertThat(asking.failure("http://" + host + ":" + origin.port() + "/a")
                            .reason())
                    .isEqualTo(Reason.ADDRESS);
            assertThat(origin.visits()).isZero();
        }
    }

    /** Also where a trusted host leads there, which is trusted with itself alone. */
    @ParameterizedTest
    @MethodSource("spellings")
    void no_spelling_of_such_an_address_is_followed_to(String host) throws IOException {
        try (RawOrigin hidden = RawOrigin.saying(target -> OK);
                RawOrigin first = RawOrigin.saying(target -> "HTTP/1.1 302 x\r\nContent-Length: 0\r\nLocation: http://"
                        + host.replaceAll("\\p{Cntrl}.*", "%00") + ":" + hidden.port() + "/a\r\n\r\n");
                Asking asking = new Asking(NAMES)) {
            assertThat(asking.failure(Asking.trusted(first.url("/"))).reason()).isIn(Reason.ADDRESS, Reason.REDIRECT);
            assertThat(first.visits()).isEqualTo(1);
            assertThat(hidden.visits()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://a.example/",
                "file:///etc/passwd",
                "http:a.example",
                "http:/a",
                "//a",
                "http://a:0/",
                "http://a:65536/",
                "http://a:/",
                "http://a:x/",
                "gopher://a",
                "http://u:p@a/",
                "http://a/\u00e9"
            })
    void no_other_kind_of_url_is_asked(String url) {
        try (Asking asking = new Asking(NAMES)) {
            assertThat(asking.failure(url))
                    .hasMessageNotContaining("u:p")
                    .satisfies(failure -> assertThat(failure.reason()).isEqualTo(Reason.ADDRESS));
            assertThat(asking.lookUps).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "2606:4700::1111",
                "64:ff9b::8.8.8.8",
                "::ffff:8.8.8.8",
                "192.0.1.1"
            })
    void the_public_internet_is_public(String address) {
        assertThat(AddressPolicy.isPublic(Asking.address(address))).isTrue();
    }

    @Test
    void a_name_is_looked_up_once_and_the_address_that_was_judged_is_asked() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HostResolver rebinding = host -> Mono.just(
                List.<InetAddress>of(Asking.address(asked.getAndIncrement() == 0 ? "127.0.0.2" : "127.0.0.1")));
        LoopResources loops = LoopResources.create("rebinding", 1, true);
        try (RawOrigin good = RawOrigin.on("127.0.0.2", (head, client) -> RawOrigin.say(client, OK))) {
            Upstream upstream = new Upstream(
                    Asking.SHORT,
                    () -> AddressPolicy.of(List.of("127.0.0.2/32")),
                    rebinding,
                    loops,
                    Schedulers.boundedElastic());
            Request request = Request.of("http://rebinding.example:" + good.port() + "/x");
            assertThat(upstream.get(request, reply -> reply.body().map(buffer -> buffer.readableBytes()))
                            .blockLast(Asking.DEADLINE))
                    .isEqualTo(2);
            assertThat(asked).hasValue(1);
            assertThat(good.heads().get(0)).contains("host: rebinding.example:" + good.port());
            assertThatThrownBy(() -> upstream.get(request, Reply::body).blockLast(Asking.DEADLINE))
                    .hasMessageContaining("--allow-upstream rebinding.example");
            assertThat(good.visits()).isEqualTo(1);
        } finally {
            loops.disposeLater(Duration.ZERO, Asking.DEADLINE).block(Asking.DEADLINE);
        }
    }

    @Test
    void the_operator_allows_names_and_blocks_and_hosts_of_their_own() throws IOException {
        try (RawOrigin origin = RawOrigin.saying(target -> OK);
                Asking byName = new Asking(NAMES, "Loop.Example");
                Asking byBlock = new Asking(NAMES, "127.0.0.0/8");
                Asking without = new Asking(NAMES)) {
            String url = "http://loop.example:" + origin.port() + "/";
            assertThat(byName.body(url)).isEqualTo("ok");
            assertThat(byName.failure(origin.url("/")).reason()).isEqualTo(Reason.ADDRESS);
            assertThat(byBlock.body(url)).isEqualTo("ok");
            assertThat(without.body(Asking.trusted(url))).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "http://a", "a:80", "10.0.0.0/33", "10.0.0/8", "a/8", "10.1", "::1/129", "10.0.0.0/", "a b"})
    void what_cannot_be_allowed_is_said_with_its_remedy(String entry) {
        assertThatThrownBy(() -> AddressPolicy.of(List.of(entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Remedy");
    }
}
