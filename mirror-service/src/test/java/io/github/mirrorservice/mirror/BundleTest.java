package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Digests;
import io.github.mirrorservice.mirror.archive.Stores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mirror that is carried in a file to a machine without any network. */
final class BundleTest {

    private static final String FIRST_LINE = "opam mirror bundle 1\n";

    @TempDir
    private Path directory;

    private final List<byte[]> archives = new ArrayList<>();
    private Supply supply;
    private Path data;
    private Path bundle;
    private Path target;

    @BeforeEach
    void mirror() throws IOException {
        data = directory.resolve("data");
        bundle = directory.resolve("bundle");
        target = directory.resolve("target");
        supply = new Supply(directory.resolve("git"));
        for (String one : List.of("a.1", "b.1", "c.1")) {
            archives.add(supply.add(one));
        }
        ingest();
        hold(archives);
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

    private void hold(List<byte[]> all) throws IOException {
        for (byte[] each : all) {
            Stores.keep(Stores.onDisk(data), each);
        }
    }

    @Test
    void what_was_exported_is_served_where_it_is_imported() throws IOException {
        assertThat(Verb.run("export", "--data", data, bundle))
                .returns(0, Verb::status)
                .extracting(Verb::out)
                .asString()
                .contains("3 of 3 archives");
        assertThat(imported(bundle))
                .returns(0, Verb::status)
                .returns("", Verb::err)
                .extracting(Verb::out)
                .asString()
                .contains("took in 3 archives; 0 were held")
                .contains("the next start serves commit")
                .contains(" of " + directory.resolve("git"));
        supply.close();
        try (RunningMirror there = RunningMirror.of(supply.url(), target)) {
            assertThat(there.opamFiles()).isEqualTo(4);
            for (byte[] archive : archives) {
                for (Digest digest : Bytes.digests(archive).all()) {
                    assertThat(there.get("/cache/" + digest.path()).body()).isEqualTo(archive);
                }
            }
        }
        assertThat(target.resolve("snapshot")).hasSameBinaryContentAs(data.resolve("snapshot"));
    }

    @Test
    void a_later_bundle_leaves_out_what_an_earlier_one_lists_and_needs_it() throws IOException {
        Path later = directory.resolve("later");
        export(bundle);
        archives.add(supply.add("d.1"));
        ingest();
        hold(archives.subList(3, 4));
        assertThat(Verb.run("export", "--data", data, "--since", bundle, later).out())
                .contains("1 of 4 archives");
        assertThat(Files.size(later)).isLessThan(Files.size(bundle));

        Verb alone = imported(later);
        assertThat(alone.status()).isEqualTo(4);
        assertThat(alone.err()).contains("3 archives").contains("import the earlier export");
        assertThat(target.resolve("snapshot")).doesNotExist();

        assertThat(imported(bundle).status()).isZero();
        assertThat(imported(later))
                .returns(0, Verb::status)
                .extracting(Verb::out)
                .asString()
                .contains("1 were held already");
        assertHolds(archives);
    }

    @Test
    void an_older_snapshot_does_not_take_the_place_of_a_newer_one() throws IOException {
        Path later = directory.resolve("later");
        export(bundle);
        supply.add("d.1");
        ingest();
        export(later);
        assertThat(imported(later).status()).isZero();

        Verb back = imported(bundle);

        assertThat(back.status()).isEqualTo(4);
        assertThat(back.err()).contains("older").hasLineCount(1);
        assertThat(target.resolve("snapshot")).hasSameBinaryContentAs(data.resolve("snapshot"));
    }

    @Test
    void one_byte_that_is_another_is_found_wherever_it_is() throws IOException {
        export(bundle);
        byte[] good = Files.readAllBytes(bundle);
        for (int place = 0; place < good.length; place += 97) {
            byte[] bad = good.clone();
            bad[place] ^= 1;
            assertNothingWrongComesOf(bad, place);
        }
    }

    @Test
    void a_bundle_that_ends_early_is_found_out_wherever_it_ends() throws IOException {
        export(bundle);
        byte[] good = Files.readAllBytes(bundle);
        for (int length = 0; length < good.length - 600; length += 499) {
            Verb verb = assertNothingWrongComesOf(Arrays.copyOf(good, length), length);
            assertThat(verb.status())
                    .as("%s of %s bytes: %s", length, good.length, verb)
                    .isNotZero();
        }
    }

    /** Damage behind the last entry, in the directory that no reader needs, does no harm. */
    private Verb assertNothingWrongComesOf(byte[] bad, int where) throws IOException {
        Path broken = Files.write(directory.resolve("broken"), bad);
        target = directory.resolve("target-" + where);
        Verb verb = imported(broken);
        if (verb.status() == 0) {
            assertThat(target.resolve("snapshot"))
                    .as("byte %s", where)
                    .hasSameBinaryContentAs(data.resolve("snapshot"));
            assertHolds(archives);
        } else {
            assertThat(verb.status()).as("byte %s: %s", where, verb).isIn(1, 4);
            assertThat(verb.err().lines()).as("byte %s: %s", where, verb).hasSizeBetween(1, 2);
            assertThat(verb.err()).doesNotContain("\tat ").contains(": ");
            assertThat(target.resolve("snapshot")).doesNotExist();
        }
        assertAllIsAsNamed();
        return verb;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "/etc/evil",
                "sha256/../../evil",
                "sha256/aa/evil",
                "md5/d4/d41d8cd98f00b204e9800998ecf8427e",
                "sha256/00/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "snapshot.tmp",
                "",
            })
    void what_does_not_belong_in_a_bundle_ends_the_import(String name) throws IOException {
        Verb verb = imported(zip(Map.of("manifest", FIRST_LINE.getBytes(US_ASCII), name, new byte[10])));

        assertThat(verb.status()).isIn(1, 4);
        assertThat(verb.err()).contains("does not belong there").hasLineCount(1);
        try (var files = Files.walk(directory)) {
            assertThat(files.map(Path::toString)).noneMatch(file -> file.contains("evil"));
        }
    }

    @Test
    void an_archive_that_is_not_what_its_name_says_is_not_taken_in() throws IOException {
        Digests other = Bytes.digests(Bytes.random(1, 10));
        Verb verb = imported(zip(Map.of(
                "manifest",
                (FIRST_LINE + other.sha256().hex() + "\n").getBytes(US_ASCII),
                other.sha256().path(),
                archives.get(0))));

        assertThat(verb.status()).isEqualTo(4);
        assertThat(verb.err()).contains(other.sha256().toString());
        assertThat(Stores.find(Stores.onDisk(target), other.sha256())).isNull();
        assertThat(Stores.find(
                        Stores.onDisk(target), Bytes.digests(archives.get(0)).sha256()))
                .isNull();
    }

    @Test
    void what_is_no_bundle_is_called_so() throws IOException {
        for (Path none : List.of(
                Files.writeString(directory.resolve("text"), "no zip"),
                Files.createFile(directory.resolve("empty")),
                zip(Map.of("snapshot", Files.readAllBytes(data.resolve("snapshot")))),
                zip(Map.of("manifest", "opam mirror bundle 2\n".getBytes(US_ASCII))))) {
            Verb verb = imported(none);
            assertThat(verb.status()).isEqualTo(1);
            assertThat(verb.err()).contains(" bundle ").contains(": ").hasLineCount(1);
        }
    }

    @Test
    void a_file_that_is_not_there_is_named() {
        assertThat(imported(directory.resolve("nowhere")))
                .returns(1, Verb::status)
                .extracting(Verb::err)
                .asString()
                .contains("nowhere")
                .hasLineCount(1);
        assertThat(Verb.run("export", "--data", data, "--since", directory.resolve("nowhere"), bundle))
                .returns(1, Verb::status)
                .extracting(Verb::err)
                .asString()
                .contains("nowhere")
                .hasLineCount(1);
        assertThat(Verb.run("export", "--data", data, directory.resolve("no/where")))
                .returns(1, Verb::status)
                .extracting(Verb::err)
                .asString()
                .contains("where")
                .hasLineCount(1);
    }

    @Test
    void nothing_is_exported_of_a_mirror_without_a_snapshot() throws IOException {
        Files.delete(data.resolve("snapshot"));
        Verb verb = Verb.run("export", "--data", data, bundle);
        assertThat(verb.status()).isEqualTo(1);
        assertThat(verb.err()).contains("no snapshot").contains("ingest").hasLineCount(1);
        assertThat(bundle).doesNotExist();
    }

    @Test
    void what_has_rotted_is_not_carried_anywhere() throws IOException {
        Path rotten = data.resolve("cache")
                .resolve(Bytes.digests(archives.get(1)).sha256().path());
        Files.write(rotten, new byte[5_000]);
        Verb verb = Verb.run("export", "--data", data, bundle);
        assertThat(verb.status()).isEqualTo(4);
        assertThat(verb.err()).contains("rotted").contains("scrub").hasLineCount(1);
        try (var files = Files.list(directory)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).noneMatch(file -> file.startsWith("bundle"));
        }
    }

    @Test
    void nothing_is_imported_while_the_mirror_runs() throws IOException {
        export(bundle);
        try (RunningMirror running = RunningMirror.of(supply.url(), target)) {
            assertThat(running.get("/").statusCode()).isEqualTo(200);
            Verb verb = imported(bundle);
            assertThat(verb.status()).isEqualTo(1);
            assertThat(verb.err()).contains("in use").contains("stop it").hasLineCount(1);
        }
    }

    @Test
    void a_mirror_that_runs_can_be_exported() {
        try (RunningMirror running = RunningMirror.of(supply.url(), data)) {
            assertThat(running.get("/repo").statusCode()).isEqualTo(200);
            export(bundle);
        }
        assertThat(imported(bundle).status()).isZero();
    }

    private void export(Path file) {
        assertThat(Verb.run("export", "--data", data, file))
                .returns(0, Verb::status)
                .returns("", Verb::err);
    }

    private Verb imported(Path file) {
        return Verb.run("import", "--data", target, file);
    }

    private Path zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            Map<String, byte[]> ordered = new LinkedHashMap<>();
            if (entries.containsKey("manifest")) {
                ordered.put("manifest", entries.get("manifest"));
            }
            ordered.putAll(entries);
            for (Map.Entry<String, byte[]> entry : ordered.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return Files.write(Files.createTempFile(directory, "made", ".zip"), bytes.toByteArray());
    }

    private void assertHolds(List<byte[]> expected) throws IOException {
        for (byte[] each : expected) {
            for (Digest digest : Bytes.digests(each).all()) {
                assertThat(target.resolve("cache").resolve(digest.path())).hasBinaryContent(each);
            }
        }
    }

    private void assertAllIsAsNamed() throws IOException {
        Path held = target.resolve("cache/sha256");
        if (Files.exists(held)) {
            try (var files = Files.walk(held)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(Bytes.digests(Files.readAllBytes(file)).sha256().hex())
                            .isEqualTo(file.getFileName().toString());
                }
            }
        }
    }
}
