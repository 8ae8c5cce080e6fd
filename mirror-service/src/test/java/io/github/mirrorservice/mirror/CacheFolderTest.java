package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Digests;
import io.github.mirrorservice.mirror.archive.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of archives, as {@code opam admin cache} makes them, and made for it. */
final class CacheFolderTest {

    @TempDir
    private Path directory;

    private final byte[] one = Bytes.random(1, 3_000);
    private final byte[] two = Bytes.random(2, 70_000);
    private Path folder;
    private Path data;

    @BeforeEach
    void choose() {
        folder = directory.resolve("folder");
        data = directory.resolve("data");
    }

    private Path write(Digest digest, byte[] bytes) throws IOException {
        Path file = folder.resolve(digest.path());
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private void link(Digest from, Digest to) throws IOException {
        Path link = folder.resolve(from.path());
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of("../..").resolve(to.path()));
    }

    private Verb imported(Path source) {
        return Verb.run("import", "--data", data, source);
    }

    private void assertHolds(byte[]... all) throws IOException {
        for (byte[] each : all) {
            for (Digest digest : Bytes.digests(each).all()) {
                assertThat(data.resolve("cache").resolve(digest.path())).hasBinaryContent(each);
            }
        }
    }

    @Test
    void files_under_their_strongest_hash_with_links_are_taken_in_once() throws IOException {
        Digests first = Bytes.digests(one);
        write(first.sha512(), one);
        link(first.md5(), first.sha512());
        link(first.sha256(), first.sha512());
        write(Bytes.digests(two).sha256(), two);
        link(Bytes.digests(two).md5(), Bytes.digests(two).sha256());

        Verb verb = imported(folder);

        assertThat(verb).returns(0, Verb::status).returns("", Verb::err);
        assertThat(verb.out()).contains("took in 2 archives; 0 were held already, 0 are");
        assertHolds(one, two);
    }

    @Test
    void copies_under_their_md5_alone_are_taken_in() throws IOException {
        write(Bytes.digests(one).md5(), one);
        write(Bytes.digests(two).md5(), two);
        assertThat(imported(folder)).returns(0, Verb::status);
        assertHolds(one, two);
        assertThat(imported(folder).out()).contains("took in 0 archives; 2 were held already");
    }

    @Test
    void a_folder_is_found_behind_a_link() throws IOException {
        write(Bytes.digests(one).md5(), one);
        Path link = Files.createSymbolicLink(directory.resolve("link"), folder);
        assertThat(imported(link).out()).contains("took in 1 archives");
    }

    @Test
    void what_is_not_what_its_name_says_is_told_and_left_where_it_is() throws IOException {
        write(Bytes.digests(one).sha256(), two);
        write(Bytes.digests(two).sha512(), two);
        write(Bytes.digests(two).md5(), new byte[0]);

        Verb verb = imported(folder);

        assertThat(verb.status()).isEqualTo(4);
        assertThat(verb.err()).contains(Bytes.digests(one).sha256().toString());
        assertThat(Stores.find(Stores.onDisk(data), Bytes.digests(one).sha256()))
                .isNull();
        assertHolds(two);
    }

    @Test
    void other_files_are_passed_over() throws IOException {
        write(Bytes.digests(one).sha256(), one);
        Files.writeString(folder.resolve("README"), "not an archive");
        Files.writeString(folder.resolve("sha256/notes"), "nor this");
        Files.write(folder.resolve(Bytes.digests(two).md5().hex()), two);
        assertThat(imported(folder).out()).contains("took in 1 archives; 0 were held already, 0 are");
    }

    @Test
    void an_export_to_a_folder_has_all_hashes_and_nothing_else() throws IOException {
        Files.createDirectories(folder);
        for (byte[] each : List.of(one, two)) {
            Stores.keep(Stores.onDisk(Files.createDirectories(data)), each);
        }
        assertThat(Verb.run("export", "--data", data, folder))
                .returns(0, Verb::status)
                .extracting(Verb::out)
                .asString()
                .contains("exported 2 archives");
        try (var files = Files.list(folder)) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("md5", "sha256", "sha512");
        }
        data = folder.resolveSibling("there");
        assertThat(imported(folder)).returns(0, Verb::status);
        assertHolds(one, two);
        assertThat(Verb.run("export", "--data", data, folder).out()).contains("exported 0 archives");
    }

    @Test
    void what_has_rotted_is_not_exported_to_a_folder() throws IOException {
        Files.createDirectories(folder);
        Files.createDirectories(data);
        Stores.keep(Stores.onDisk(data), one);
        Stores.keep(Stores.onDisk(data), two);
        Files.write(data.resolve("cache").resolve(Bytes.digests(one).sha256().path()), new byte[3_000]);

        Verb verb = Verb.run("export", "--data", data, folder);

        assertThat(verb.status()).isEqualTo(4);
        assertThat(verb.err()).contains(Bytes.digests(one).sha256().toString()).contains("scrub");
        assertThat(folder.resolve(Bytes.digests(one).sha256().path())).doesNotExist();
        assertThat(folder.resolve(Bytes.digests(two).sha256().path())).hasBinaryContent(two);
    }
}
