package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Digests;
import io.github.mirrorservice.mirror.archive.Stores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code verify} finds each way in which a data directory can be broken, and nothing where none is. */
final class VerifyTest {

    @TempDir
    private Path directory;

    private Supply supply;
    private Path data;
    private byte[] archive;
    private Digests digests;

    @BeforeEach
    void start() throws IOException {
        data = directory.resolve("data");
        supply = new Supply(directory.resolve("git"));
        archive = supply.add("a.1");
        digests = Bytes.digests(archive);
        supply.add("b.1");
        supply.commit();
        assertThat(Verb.run("sync", "--once", "--remote", supply.url(), "--data", data))
                .returns(0, Verb::status);
        Stores.keep(Stores.onDisk(data), archive);
    }

    @AfterEach
    void close() throws IOException {
        supply.close();
    }

    private Verb verify(Object... more) {
        Object[] words = new Object[more.length + 3];
        System.arraycopy(new Object[] {"verify", "--data", data}, 0, words, 0, 3);
        System.arraycopy(more, 0, words, 3, more.length);
        return Verb.run(words);
    }

    private Path cached(Digest digest) {
        return data.resolve("cache").resolve(digest.path());
    }

    private Map<Path, FileTime> times() throws IOException {
        Map<Path, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                times.put(file, Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS));
            }
        }
        return times;
    }

    private void finds(String... words) {
        assertThat(verify())
                .returns(4, Verb::status)
                .returns("", Verb::err)
                .extracting(Verb::out)
                .asString()
                .contains(words)
                .contains(": 1 broken");
    }

    @Test
    void what_is_sound_is_called_so_and_is_left_as_it_is() throws IOException {
        Map<Path, FileTime> before = times();
        assertThat(verify())
                .returns(0, Verb::status)
                .extracting(Verb::out)
                .asString()
                .startsWith("read the snapshot of commit ")
                .contains("and 1 archives: nothing is broken")
                .hasLineCount(1);
        assertThat(times()).isEqualTo(before);
    }

    @Test
    void an_archive_with_one_bit_flipped() throws IOException {
        byte[] bad = archive.clone();
        bad[bad.length - 1] ^= 1;
        Files.write(cached(digests.sha256()), bad);
        finds("I1 cache/" + digests.sha256().path(), Bytes.digests(bad).sha256().toString());
    }

    @Test
    void an_archive_that_is_cut_short() throws IOException {
        Files.write(cached(digests.sha256()), Bytes.cut(archive, 0, 100));
        finds("I1 cache/" + digests.sha256().path());
    }

    @Test
    void a_link_that_leads_to_another_archive() throws IOException {
        Digest other = Bytes.digests(Bytes.random(5, 5)).md5();
        Files.createDirectories(cached(other).getParent());
        Files.copy(cached(digests.md5()), cached(other), LinkOption.NOFOLLOW_LINKS);
        finds("I1 cache/" + other.path(), digests.sha256().toString());
    }

    @Test
    void a_link_where_the_archive_itself_belongs() throws IOException {
        Path elsewhere = directory.resolve("elsewhere");
        Files.move(cached(digests.sha256()), elsewhere);
        Files.createSymbolicLink(cached(digests.sha256()), elsewhere);
        finds("I1 cache/" + digests.sha256().path() + " is a link");
    }

    @Test
    void a_mirror_that_serves_nothing_yet_has_broken_nothing(@TempDir Path empty) throws IOException {
        try (RunningMirror mirror = RunningMirror.of(empty.resolve("none").toString(), empty.resolve("data"))) {
            assertThat(Verb.run("verify", "--data", empty.resolve("data"), "--url", mirror.url()))
                    .returns(0, Verb::status)
                    .extracting(Verb::out)
                    .asString()
                    .contains("nothing is broken");
        }
    }

    @Test
    void a_link_that_leads_nowhere_is_what_a_crash_may_leave() throws IOException {
        Files.delete(cached(digests.sha256()));
        assertThat(verify()).returns(0, Verb::status);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 30, -1, -500})
    void a_snapshot_with_one_byte_changed(int at) throws IOException {
        Path file = data.resolve("snapshot");
        byte[] bytes = Files.readAllBytes(file);
        bytes[Math.floorMod(at, bytes.length)] ^= 1;
        Files.write(file, bytes);
        finds("I3 " + file);
    }

    @Test
    void a_snapshot_with_the_repo_file_of_another() throws IOException {
        tamper(text -> Tampering.withBody(text, "repo", repo -> repo.replace("opam-version", "opam-VERSION")));
        finds("I2 the file repo in /index.tar.gz is not /repo");
    }

    @Test
    void a_snapshot_that_counts_other_packages_than_it_holds() throws IOException {
        tamper(text -> Tampering.withHeader(text, header -> header.replaceFirst("opam-files: .*", "opam-files: 99")));
        finds("I2 /index.tar.gz holds ", "in 99");
    }

    private void tamper(UnaryOperator<String> change) throws IOException {
        Path file = data.resolve("snapshot");
        String text = new String(Files.readAllBytes(file), ISO_8859_1);
        Files.write(file, change.apply(text).getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"snapshot.tmp", "import/snapshot", "incoming/7.part", "git/tip.new", "git/pack-x.pack"})
    void what_was_begun_and_left_an_hour_ago(String name) throws IOException {
        Path file = data.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "half");
        assertThat(verify()).returns(0, Verb::status);

        FileTime old = FileTime.from(Instant.now().minus(Duration.ofMinutes(61)));
        Files.setLastModifiedTime(file, old);
        Files.setLastModifiedTime(file.getParent(), old);
        finds("I6 " + data.resolve(name.replace("import/snapshot", "import")));

        assertThat(Verb.run("sync", "--once", "--remote", supply.url(), "--data", data))
                .returns(0, Verb::status);
        assertThat(verify()).as("after the next start").returns(0, Verb::status);
        assertThat(file).doesNotExist();
    }

    @Test
    void a_running_mirror_serves_what_is_on_its_disk() {
        try (RunningMirror mirror = RunningMirror.of(supply.url(), data)) {
            mirror.sync();
            assertThat(verify("--url", mirror.url() + "/"))
                    .returns(0, Verb::status)
                    .returns("", Verb::err)
                    .extracting(Verb::out)
                    .asString()
                    .contains("nothing is broken");
        }
    }

    @Test
    void a_mirror_that_serves_something_else_than_it_keeps() throws IOException {
        Path other = directory.resolve("other");
        supply.add("c.1");
        supply.commit();
        try (RunningMirror mirror = RunningMirror.of(supply.url(), other)) {
            mirror.sync();
            Verb verb = verify("--url", mirror.url());
            assertThat(verb).returns(4, Verb::status);
            assertThat(verb.out()).contains("I5 /repo is served as ", "I5 /index.tar.gz is served as ");
        }
    }

    /** What is told of this server, of which something is. */
    private String brokenBehind(HttpServer server) {
        server.start();
        try {
            Verb verb =
                    verify("--url", "http://127.0.0.1:" + server.getAddress().getPort());
            assertThat(verb).returns(4, Verb::status);
            return verb.out();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_server_that_mixes_things_up() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean first = exchange.getRequestURI().getPath().equals("/repo");
            exchange.getResponseHeaders().set("X-Mirror-Commit", first ? "1" : "2");
            exchange.getResponseHeaders().set("ETag", "\"x\"");
            exchange.sendResponseHeaders(200, 1);
            exchange.getResponseBody().write('x');
            exchange.close();
        });
        assertThat(brokenBehind(server))
                .contains("I2 /repo is of commit 1, /index.tar.gz of commit 2", "I2 /repo has the ETag \"x\"")
                .contains("I1 /cache/" + digests.md5().path() + " answers 200");
    }

    @Test
    void a_server_that_goes_back_and_has_lost_its_snapshot() throws IOException {
        AtomicInteger seconds = new AtomicInteger(20);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/snapshot.json", exchange -> {
            byte[] text = "{\"published_time\":\"2026-01-01T00:00:%sZ\"}"
                    .formatted(seconds.getAndDecrement())
                    .getBytes(ISO_8859_1);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        assertThat(brokenBehind(server))
                .contains("I7 /repo answers 503", "I7 /index.tar.gz answers 503")
                .contains("I5 " + digests.sha256() + " is held, and is not served")
                .contains("I4 what is served was published at 2026-01-01T00:00:19Z, after something that was"
                        + " published at 2026-01-01T00:00:20Z");
    }

    @Test
    void what_cannot_be_verified_is_told() {
        assertThat(Verb.run("verify", "--data", directory.resolve("none")))
                .returns(1, Verb::status)
                .extracting(Verb::err)
                .asString()
                .contains("is no directory");
        assertThat(verify("--url", "ftp://example.org")).returns(2, Verb::status);
        assertThat(verify("--url", "http://127.0.0.1:1"))
                .returns(1, Verb::status)
                .extracting(Verb::err)
                .asString()
                .contains("does not answer");
        List<String> lines =
                Verb.run("verify", "--data", directory).out().lines().toList();
        assertThat(lines).containsExactly("read no snapshot and 0 archives: nothing is broken");
    }
}
