package io.github.mirrorservice.mirror.opam;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.git.BlobId;
import org.junit.jupiter.api.Test;

final class CensusTest {

    private static final String SHARED = "1".repeat(32);
    private static final String OWN = "2".repeat(32);

    private final Entry first = opam("a.1", source("md5=" + SHARED));
    private final Entry second = opam("a.2", source("md5=" + SHARED) + source("md5=" + OWN));
    private final Entry flawed = opam("b.1", "broken {");

    @Test
    void names_and_archives_count_once_however_often_they_are_named() {
        assertCounts(all(), 2, 3, 2, 1);
    }

    @Test
    void what_somebody_else_names_too_is_still_there_when_one_goes() {
        assertCounts(all().minus(first), 2, 2, 2, 1);
        assertCounts(all().minus(second), 2, 2, 1, 1);
    }

    @Test
    void what_nobody_names_any_more_is_gone() {
        assertCounts(all().minus(flawed), 1, 2, 2, 0);
        assertThat(all().minus(second).minus(first).minus(flawed)).isEqualTo(Census.EMPTY);
    }

    @Test
    void a_census_does_not_change_when_the_next_one_is_made_from_it() {
        Census census = all();

        census.minus(first).minus(second).plus(opam("c.1", ""));

        assertThat(census).isEqualTo(all());
    }

    @Test
    void an_unread_opam_file_counts_by_its_name_alone() {
        assertCounts(Census.EMPTY.plus(unread("packages/a/a.1/opam")), 1, 1, 0, 0);
    }

    @Test
    void only_the_first_checksum_of_a_section_counts_and_a_section_without_one_does_not() {
        Entry entry = opam("a.1", source("md5=" + SHARED + "\" \"sha256=" + "3".repeat(64)) + source("sha1=ab"));

        assertThat(Census.EMPTY.plus(entry).archives()).containsOnlyKeys(SHARED);
    }

    @Test
    void files_that_are_no_opam_files_do_not_count() {
        Entry patch = unread("packages/a/a.1/files/x.patch").read("broken {".getBytes(UTF_8));

        assertThat(Census.EMPTY.plus(patch)).isEqualTo(Census.EMPTY);
    }

    private Census all() {
        return Census.EMPTY.plus(first).plus(second).plus(flawed);
    }

    private static void assertCounts(Census census, int packages, int opamFiles, int archives, int flawed) {
        assertThat(census.counts()).isEqualTo(new Snapshot.Counts(packages, opamFiles, archives, flawed));
    }

    private static Entry opam(String nameAndVersion, String text) {
        return unread("packages/p/" + nameAndVersion + "/opam").read((FakeTree.opamFile("one") + text).getBytes(UTF_8));
    }

    private static Entry unread(String path) {
        return Entry.unread(path, new BlobId("0".repeat(40)));
    }

    private static String source(String checksums) {
        return "extra-source \"%s\" { src: \"https://example.org/a.tgz\" checksum: [\"%s\"] }\n"
                .formatted(checksums.hashCode(), checksums);
    }
}
