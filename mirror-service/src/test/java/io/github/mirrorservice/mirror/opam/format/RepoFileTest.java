package io.github.mirrorservice.mirror.opam.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.mirrorservice.mirror.git.CommitId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RepoFileTest {

    private static final Optional<String> CACHE = Optional.of("cache");

    private static final CommitId COMMIT = new CommitId("0123456789abcdef0123456789abcdef01234567");
    private static final String STAMP = "stamp: \"0123456789abcdef0123456789abcdef01234567\"";

    @Test
    void everything_but_the_stamp_stays_as_it_is() {
        String text = """
                # The repository
                opam-version: "2.0"
                browse:   "https://opam.ocaml.org/pkg/"
                upstream: "https://example.org/" (* and *)
                announce: [
                ""\"
                [WARNING] "opam" is out-of-date.
                ""\" { opam-version < "2.0.10" | (os = "macos" & !x) }
                ]
                archive-mirrors: [ "cache" "https://opam.ocaml.org/cache" ]
                x-unknown: é
                """.replace("é", "\"é\"");
        assertThat(stamped(text)).isEqualTo(text + STAMP + '\n');
    }

    @Test
    void an_old_stamp_is_replaced_where_it_stands() {
        assertThat(stamped("stamp : \"old\" # why\nbrowse: \"x\"\n")).isEqualTo(STAMP + " # why\nbrowse: \"x\"\n");
        assertThat(stamped("a: 1 stamp: \"1\" b: 2 stamp: [\"2\"] c: 3")).isEqualTo("a: 1 " + STAMP + " b: 2  c: 3");
    }

    @Test
    void a_stamp_within_a_section_is_not_the_stamp() {
        assertThat(stamped("s { stamp: \"1\" }")).isEqualTo("s { stamp: \"1\" }\n" + STAMP + '\n');
    }

    @Test
    void a_last_line_without_its_end_is_ended_first() {
        assertThat(stamped("browse: \"x\" # comment")).isEqualTo("browse: \"x\" # comment\n" + STAMP + '\n');
        assertThat(stamped("")).isEqualTo(STAMP + '\n');
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "==>",
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = true,
            textBlock = """
            a: 1 redirect: "https://x" b: 2                        ==> a: 1  b: 2
            a: 1 redirect: ["https://x" {y} "git://z"] b: 2        ==> a: 1  b: 2
            a: 1 redirect: ["ht\\x74ps:/\\047x"] b: 2                ==> a: 1  b: 2
            a: 1 redirect: 5 b: 2                                  ==> a: 1  b: 2
            a: 1 redirect: [("x")] b: 2                            ==> a: 1  b: 2
            redirect: ["1.2" {y}   "https://x" {z}"2"] b: 2        ==> redirect: ["1.2" {y}    "2"] b: 2
            redirect: [""x"b"] b: 2                                ==> redirect: ["" "b"] b: 2
            redirect: ["1.2" {y}] b: 2                             ==> redirect: ["1.2" {y}] b: 2
            redirect: "1.2" redirect: "https://x" b: 2             ==> redirect: "1.2"  b: 2
            redirect: [] b: 2                                      ==> b: 2
            """)
    void redirects_to_other_hosts_are_removed(String text, String expected) {
        assertThat(stamped(text).strip()).isEqualTo(expected + '\n' + STAMP);
    }

    @Test
    void a_repository_without_a_repo_file_gets_the_least_one() {
        assertThat(text(RepoFile.minimal().stampedWith(COMMIT, Optional.empty())))
                .isEqualTo("opam-version: \"2.0\"\n" + STAMP + '\n');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "opam-version: \"1.2\"",
                "opam-version: \"2.0\"",
                "opam-version: \"2.0.10\"",
                "a: 1 opam-version: \"2\"",
                "opam-version: \"x\""
            })
    void clients_read_versions_up_to_2_0(String text) {
        assertThat(stamped(text)).startsWith(text);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "==>", quoteCharacter = '`', textBlock = """
            opam-version: "2.1"                        ==> repo:1:1: expected opam-version: "2.0"
            opam-version: "3"                          ==> repo:1:1: expected opam-version: "2.0"
            opam-version: 2                            ==> repo:1:1: expected opam-version: "2.0"
            opam-version: "2.0" opam-version: "2.0"    ==> repo:1:21: opam-version cannot be repeated
            browse: "                                  ==> repo:1:9: unterminated string
            <html>                                     ==> repo:1:1: expected a field or a section
            """)
    void what_clients_would_skip_is_refused(String text, String message) {
        assertThatExceptionOfType(OpamSyntaxException.class)
                .isThrownBy(() -> RepoFile.parse(bytes(text)))
                .withMessageStartingWith(message);
    }

    /** The same answer to a second merge, for every text that this class merges. */
    private static String stamped(String text) {
        byte[] once = RepoFile.parse(bytes(text)).stampedWith(COMMIT, Optional.empty());
        assertThat(text(RepoFile.parse(once).stampedWith(COMMIT, Optional.empty())))
                .isEqualTo(text(once));
        return text(once);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A cache of one's own stands before all others, once, and nothing else changes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "archive-mirrors: \"https://a\" | archive-mirrors: [\"cache\" \"https://a\"]",
                "archive-mirrors: [\"https://a\" # one | archive-mirrors: [\"cache\" \"https://a\" # one",
                "archive-mirrors: [] | archive-mirrors: [\"cache\" ]",
                "archive-mirrors: \"cache\" | archive-mirrors: \"cache\"",
                "archive-mirrors: [ \"cache\" \"https://a\" ] | archive-mirrors: [ \"cache\" \"https://a\" ]",
                "browse: \"x\" | browse: \"x\""
            })
    void the_cache_is_the_first_of_the_archive_mirrors(String before, String after) {
        String closed = before.contains("#") ? "\n]" : "";
        byte[] served =
                RepoFile.parse(bytes(before + closed + "\n" + STAMP + "\n")).stampedWith(COMMIT, CACHE);
        String added = before.startsWith("archive-mirrors") ? "" : "archive-mirrors: [\"cache\"]\n";
        assertThat(text(served)).isEqualTo(after + closed + "\n" + STAMP + "\n" + added);
        assertThat(RepoFile.parse(served).stampedWith(COMMIT, CACHE)).isEqualTo(served);
    }
}
