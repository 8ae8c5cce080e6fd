package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that look after what is held: {@code scrub} and {@code gc}. */
final class UpkeepTest {

    private static final int ARCHIVES = 50;

    @TempDir
    private Path directory;

    private final Map<String, byte[]> archives = new TreeMap<>();
    private Supply supply;
    private Path data;

    @BeforeEach
    void start() {
        data = directory.resolve("data");
        supply = new Supply(directory.resolve("git"));
    }

    @AfterEach
    void close() throws IOException {
        supply.close();
    }

    private void ingest() {
        supply.commit();
        try (RunningMirror mirror = RunningMirror.of(supply.url(), data)) {
            assertThat(mirror.sync()).containsAnyOf("published", "unchanged");
        }
    }

    private Path hold(byte[] bytes) throws IOException {
        Stores.keep(Stores.onDisk(data), bytes);
        return file(bytes);
    }

    private Path file(byte[] bytes) {
        return data.resolve("cache").resolve(Bytes.digests(bytes).sha256().path());
    }

    /** Fifty archives, each named in one of three ways, and all held. */
    private void many() throws IOException {
        for (int i = 0; i < ARCHIVES; i++) {
            String name = "p" + i + ".1";
            int way = i % 3;
            archives.put(name, supply.add(name, digests -> List.of(digests.all().get(way))));
        }
        ingest();
        for (byte[] each : archives.values()) {
            hold(each);
        }
    }

    private void flipOneBitInEach() throws IOException {
        for (byte[] each : archives.values()) {
            byte[] bad = each.clone();
            bad[each[0] & 0xff] ^= 4;
            Files.write(file(each), bad);
        }
    }

    @Test
    void all_that_has_rotted_is_found_and_healed_however_it_is_named() throws IOException {
        many();
        flipOneBitInEach();

        Verb verb = Verb.run("scrub", "--data", data, "--allow-upstream", "127.0.0.1");

        assertThat(verb).returns(0, Verb::status).returns("", Verb::err);
        assertThat(verb.out()).contains(ARCHIVES + " had rotted, 0 of them are not healed");
        for (byte[] each : archives.values()) {
            for (Digest digest : Bytes.digests(each).all()) {
                assertThat(data.resolve("cache").resolve(digest.path())).hasBinaryContent(each);
            }
        }
        assertThat(supply.origin().visits()).isEqualTo(ARCHIVES);
    }

    @Test
    void what_cannot_be_healed_is_in_quarantine_and_told() throws IOException {
        many();
        flipOneBitInEach();
        supply.origin().close();

        Verb verb = Verb.run("scrub", "--data", data);

        assertThat(verb.status()).isEqualTo(4);
        assertThat(verb.out()).contains(ARCHIVES + " had rotted, " + ARCHIVES + " of them are not healed");
        try (var files = Files.list(data.resolve("quarantine"))) {
            assertThat(files).hasSize(ARCHIVES);
        }
        for (byte[] each : archives.values()) {
            assertThat(file(each)).doesNotExist();
        }
        assertThat(Verb.run("scrub", "--data", data))
                .returns(0, Verb::status)
                .extracting(Verb::out)
                .asString()
                .contains("0 had rotted");
    }

    @Test
    void what_is_sound_is_left_alone() throws IOException {
        many();
        assertThat(Verb.run("scrub", "--data", data).out())
                .isEqualToIgnoringNewLines("0 had rotted, 0 of them are not healed");
        assertThat(supply.origin().visits()).isZero();
    }

    @Test
    void an_option_of_scrub_that_cannot_be_used_is_a_usage_error() {
        Verb verb = Verb.run("scrub", "--data", data, "--allow-upstream", "10.0.0.0/99");
        assertThat(verb.status()).isEqualTo(2);
        assertThat(verb.err()).contains("10.0.0.0/99").hasLineCount(2);
    }

    @Test
    void gc_drops_what_no_section_names_and_keeps_what_only_an_md5_names() throws IOException {
        many();
        Path unnamed = hold(Bytes.random(-1, 777));
        assertThat(Verb.run("gc", "--data", data, "--dry-run"))
                .returns(0, Verb::status)
                .extracting(Verb::out)
                .asString()
                .contains("would drop 1 archives of 777 bytes")
                .contains(unnamed.getFileName().toString());
        assertThat(unnamed).exists();

        assertThat(Verb.run("gc", "--data", data))
                .returns(0, Verb::status)
                .extracting(Verb::out)
                .asString()
                .contains("dropped 1 archives of 777 bytes");

        for (Digest digest : Bytes.digests(Bytes.random(-1, 777)).all()) {
            assertThat(data.resolve("cache").resolve(digest.path())).doesNotExist();
        }
        for (byte[] each : archives.values()) {
            assertThat(file(each)).hasBinaryContent(each);
        }
    }

    @Test
    void gc_drops_what_the_metadata_has_dropped_only_when_it_is_told_to() throws IOException {
        byte[] dropped = supply.add("a.1");
        supply.add("b.1");
        supply.add("c.1");
        ingest();
        Path file = hold(dropped);
        supply.git().removePackage("a.1");
        ingest();
        assertThat(file).exists();
        assertThat(Verb.run("gc", "--data", data).status()).isZero();
        assertThat(file).doesNotExist();
    }

    @Test
    void gc_does_nothing_without_a_snapshot() throws IOException {
        Files.createDirectories(data);
        Path held = hold(Bytes.random(1, 10));
        Verb verb = Verb.run("gc", "--data", data);
        assertThat(verb.status()).isEqualTo(1);
        assertThat(verb.err()).contains("no snapshot").contains("ingest once").hasLineCount(1);
        Files.writeString(data.resolve("snapshot"), "damaged");
        verb = Verb.run("gc", "--data", data);
        assertThat(verb.status()).isEqualTo(1);
        assertThat(verb.err()).contains("damaged").hasLineCount(1);
        assertThat(held).exists();
    }

    @Test
    void neither_works_while_the_mirror_runs() {
        List<Verb> verbs = new ArrayList<>();
        supply.commit();
        try (RunningMirror mirror = RunningMirror.of(supply.url(), data)) {
            assertThat(mirror.get("/").statusCode()).isEqualTo(200);
            verbs.add(Verb.run("gc", "--data", data));
            verbs.add(Verb.run("scrub", "--data", data));
        }
        assertThat(verbs).allSatisfy(verb -> {
            assertThat(verb.status()).isEqualTo(1);
            assertThat(verb.err()).contains("in use").hasLineCount(1);
        });
    }
}
