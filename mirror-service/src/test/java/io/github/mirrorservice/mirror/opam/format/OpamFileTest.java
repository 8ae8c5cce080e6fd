package io.github.mirrorservice.mirror.opam.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OpamFileTest {

    private static final String URL = "https://example.org/a-1.tar.gz";
    private static final String MD5 = "md5=" + "a".repeat(32);
    private static final String SHA256 = "sha256=" + "b".repeat(64);
    private static final String SHA512 = "sha512=" + "c".repeat(128);

    @Test
    void the_url_section_names_an_archive() {
        assertThat(read("""
                opam-version: "2.0"
                available: false
                url {
                  src: "%s"
                  checksum: [ "%s" "%s" "%s" ]
                }
                """.formatted(URL, SHA512, MD5, SHA256)))
                .isEqualTo(new OpamFile(List.of(archive("url", List.of(URL), SHA512, MD5, SHA256)), List.of()));
    }

    @Test
    void extra_sources_are_archives_of_their_own_in_the_order_of_the_file() {
        OpamFile file = read("""
                extra-source "b.patch" { src: "%s/b" checksum: "%s" }
                url { src: "%s" checksum: "%s" }
                extra-source "a.patch" { src: "%s/a" checksum: "%s" }
                """.formatted(URL, MD5, URL, SHA256, URL, MD5));
        assertThat(file.archives())
                .containsExactly(
                        archive("extra-source b.patch", List.of(URL + "/b"), MD5),
                        archive("url", List.of(URL), SHA256),
                        archive("extra-source a.patch", List.of(URL + "/a"), MD5));
        assertThat(file.diagnostics()).isEmpty();
    }

    @Test
    void mirrors_come_behind_the_main_url_each_once() {
        assertThat(only("mirrors: [\"http://m/2\" \"http://m/1\" \"" + URL + "\"] src: \"" + URL + "\"")
                        .urls())
                .containsExactly(URL, "http://m/2", "http://m/1");
        assertThat(only("mirrors: \"http://m/2\" src: \"" + URL + "\"").urls()).containsExactly(URL, "http://m/2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"src", "archive", "http"})
    void the_main_url_has_three_spellings(String field) {
        assertThat(only(field + ": \"" + URL + "\"").urls()).containsExactly(URL);
    }

    @Test
    void of_several_main_urls_opam_takes_src() {
        assertThat(only("git: \"git://x\" http: \"http://h\" archive: \"http://a\" src: \"http://s\"")
                        .urls())
                .containsExactly("http://s");
    }

    @Test
    void a_fragment_is_not_part_of_a_download() {
        assertThat(only("src: \"" + URL + "#v1\"").urls()).containsExactly(URL);
    }

    @Test
    void a_git_suffix_does_not_make_a_repository() {
        assertThat(only("src: \"https://example.org/a.git\"").urls()).containsExactly("https://example.org/a.git");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "src: \"git+https://example.org/a.git#main\"",
                "src: \"git://example.org/a\"",
                "src: \"hg+http://example.org/a\"",
                "src: \"darcs+http://example.org/a\"",
                "src: \"git@example.org:a.git\"",
                "src: \"file:///a.tar.gz\"",
                "src: \"../a.tar.gz\"",
                "src: \"ftp://example.org/a.tar.gz\"",
                "git: \"https://example.org/a\"",
                "hg: \"https://example.org/a\"",
                "darcs: \"https://example.org/a\"",
                "local: \"/a\"",
                "src: \"/a\" mirrors: \"https://swhid.opam.ocaml.org/swh:1:dir:0123\""
            })
    void what_is_not_had_over_http_is_no_archive(String section) {
        OpamFile file = read("url { " + section + " checksum: \"" + MD5 + "\" }");
        assertThat(file.archives()).isEmpty();
        assertThat(file.diagnostics()).isEmpty();
    }

    @Test
    void a_software_heritage_identifier_is_no_mirror() {
        assertThat(only("src: \"" + URL + "\" mirrors: [\"https://swhid.opam.ocaml.org/swh:1:dir:0123\"]")
                        .urls())
                .containsExactly(URL);
    }

    @Test
    void a_bare_checksum_is_an_md5_and_case_does_not_matter() {
        assertThat(only("src: \"" + URL + "\" checksum: \"" + "A".repeat(32) + "\"")
                        .digests())
                .containsExactly(Digest.of(MD5));
    }

    @Test
    void an_archive_without_checksum_is_named_nevertheless() {
        assertThat(only("src: \"" + URL + "\"").digests()).isEmpty();
        assertThat(only("src: \"" + URL + "\" checksum: []").digests()).isEmpty();
    }

    @Test
    void a_checksum_that_is_there_twice_counts_once() {
        assertThat(only("src: \"" + URL + "\" checksum: [\"" + MD5 + "\" \"" + MD5 + "\"]")
                        .digests())
                .containsExactly(Digest.of(MD5));
    }

    @Test
    void what_is_no_checksum_is_skipped_and_reported() {
        OpamFile file = read("url {\n src: \"" + URL + "\"\n checksum: [\"sha1=0\" 12 \"" + MD5 + "\"]\n}");
        assertThat(file.archives()).containsExactly(archive("url", List.of(URL), MD5));
        assertThat(file.diagnostics().stream().map(Diagnostic::toString))
                .containsExactlyInAnyOrder("opam:3:13: not a checksum", "opam:3:22: expected a string");
    }

    @Test
    void checksums_that_no_archive_can_meet_leave_it_without_any() {
        String other = "md5=" + "d".repeat(32);
        OpamFile file = read("url { src: \"%s\" checksum: [\"%s\" \"%s\" \"%s\"] }".formatted(URL, MD5, SHA256, other));
        assertThat(file.archives()).containsExactly(archive("url", List.of(URL)));
        assertThat(file.diagnostics())
                .singleElement()
                .extracting(Diagnostic::message)
                .asString()
                .contains("contradicts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "url \"x\" { src: \"http://x\" } => 1:1: the section url takes no title",
                "extra-source { src: \"http://x\" } => 1:1: the section extra-source takes a file name",
                "url { checksum: [] } => 1:1: the section url has no URL",
                "url { src: [\"http://x\"] } => 1:12: expected a string",
                "url { src: http://x } => 1:16: expected a field, a section or '}', found ':'",
                "a: [ => 1:5: expected a value or ']', found the end of the file",
                "extra-sources: \"http://x\" => 1:16: expected [\"URL\" \"CHECKSUM\"] or [\"URL\" {\"NAME\"} \"CHECKSUM\"]",
                "extra-sources: [[\"http://x\" {y} \"\"]] => 1:18: expected [\"URL\" \"CHECKSUM\"] or [\"URL\" {\"NAME\"} \"CHECKSUM\"]"
            })
    void what_cannot_be_used_is_reported_and_names_nothing(String row) {
        String[] cells = row.split(" => ", 2);
        OpamFile file = read(cells[0]);
        assertThat(file.archives()).isEmpty();
        assertThat(file.diagnostics()).singleElement().hasToString("opam:" + cells[1]);
    }

    @Test
    void of_what_is_there_twice_the_first_counts() {
        OpamFile file = read("""
                url { src: "http://1" src: "http://2" }
                url { src: "http://3" }
                extra-source "a" { src: "http://4" }
                extra-source "a" { src: "http://5" }
                """);
        assertThat(file.archives())
                .containsExactly(archive("url", List.of("http://1")), archive("extra-source a", List.of("http://4")));
        assertThat(file.diagnostics().stream().map(Diagnostic::toString))
                .containsExactly(
                        "opam:1:23: the field src is there twice",
                        "opam:2:1: the section url is there twice",
                        "opam:4:1: the section extra-source is there twice");
    }

    @Test
    void the_older_field_names_extra_sources_too() {
        OpamFile file = read("""
                extra-sources: [
                  ["http://x/a.patch" "%s"]
                  ["http://x/b" {"b.patch"} "%s"]
                ]
                """.formatted(MD5, "a".repeat(32)));
        assertThat(file.archives())
                .containsExactly(
                        archive("extra-source a.patch", List.of("http://x/a.patch"), MD5),
                        archive("extra-source b.patch", List.of("http://x/b"), MD5));
        assertThat(read("extra-sources: [\"http://x/a.patch\" \"" + MD5 + "\"]").archives())
                .hasSize(1);
    }

    @Test
    void unknown_fields_and_sections_do_not_matter() {
        OpamFile file = read("""
                x-new: [ a & "b" {c} ]
                new "thing" { url { src: "http://nested" } }
                url { src: "%s" x-new: 1 sub { } }
                """.formatted(URL));
        assertThat(file.archives()).containsExactly(archive("url", List.of(URL)));
        assertThat(file.diagnostics()).isEmpty();
    }

    @Test
    void a_hostile_file_has_no_more_than_the_first_few_diagnostics() {
        assertThat(read("url { src: \"http://x\" checksum: [" + "\"\" ".repeat(10_000) + "] }")
                        .diagnostics())
                .hasSize(16);
    }

    private static ArchiveRef only(String section) {
        return Stream.of(read("url { " + section + " }"))
                .flatMap(file -> file.archives().stream())
                .findFirst()
                .orElseThrow();
    }

    private static OpamFile read(String text) {
        return OpamFile.read("opam", text.getBytes(StandardCharsets.UTF_8));
    }

    private static ArchiveRef archive(String section, List<String> urls, String... digests) {
        return new ArchiveRef(section, urls, Stream.of(digests).map(Digest::of).toList());
    }
}
