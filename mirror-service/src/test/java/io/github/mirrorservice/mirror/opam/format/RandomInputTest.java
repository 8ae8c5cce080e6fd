package io.github.mirrorservice.mirror.opam.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.opam.format.RandomOpam.Sample;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many inputs, the same ones in every run. */
@Timeout(60)
final class RandomInputTest {

    private static final long SEED = 20_260_822;
    private static final CommitId COMMIT = new CommitId("0123456789abcdef0123456789abcdef01234567");
    private static final byte[] REAL_LOOKING = """
            opam-version: "2.0"
            synopsis: "A thing" # not much
            authors: ["A <a@example.org>" "B"]
            depends: [
              "ocaml" {>= "4.08" & < "5.3~"}
              ("x" {with-test & !dev} | "y" {= version})
            ]
            build: [["dune" "build" "-j" jobs "@install" {with-doc}] ["make"] {os = "macos" | ?opam-version}]
            setenv: [[FOO += "bar"] [BAR =: "\\x41\\065\\n"]]
            description: \"""
            Much "more" (* of \\
               it *)\"""
            redirect: ["https://x" {a} "1.2"]
            url {
              src: "https://example.org/a-1.tbz"
              checksum: ["md5=0123456789abcdef0123456789abcdef" "sha256=00"]
              mirrors: "http://m"
            }
            extra-source "p.patch" { src: "http://x" checksum: "0123456789abcdef0123456789abcdef" }
            (* end (* of *) it *)
            """.getBytes(StandardCharsets.UTF_8);
    private static final List<String> PIECES = List.of(
            "\"",
            "\"\"\"",
            "\\",
            "(*",
            "*)",
            "#",
            "[",
            "]",
            "{",
            "}",
            "(",
            ")",
            ":",
            "=",
            "+",
            "-",
            "_",
            "1",
            "é",
            "\r",
            "\n",
            "\0",
            "url {",
            "src: ",
            "a: ",
            "&",
            "|",
            "!",
            "opam-version: \"2.1\"",
            "stamp: 1 ");

    @Test
    void what_is_written_is_read() {
        RandomOpam files = new RandomOpam(SEED);
        for (int i = 0; i < 500; i++) {
            Sample sample = files.file();
            assertThat(Shape.of(sample.text())).as(sample.text()).isEqualTo(sample.shape());
        }
    }

    @Test
    void a_mutilated_file_is_read_or_reported_but_nothing_breaks() {
        Random random = new Random(SEED);
        int wellFormed = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] content = mutilated(random);
            OpamFile file = OpamFile.read("opam", content);
            assertThat(file.diagnostics().size()).isLessThanOrEqualTo(16);
            wellFormed += file.archives().isEmpty() ? 0 : 1;
        }
        assertThat(wellFormed).isBetween(500, 4_500);
    }

    @Test
    void a_mutilated_repo_file_is_merged_for_good_or_refused() {
        Random random = new Random(SEED);
        int merged = 0;
        for (int i = 0; i < 5_000; i++) {
            merged += mergesForGood(mutilated(random)) ? 1 : 0;
        }
        assertThat(merged).isBetween(500, 4_500);
    }

    private static boolean mergesForGood(byte[] content) {
        RepoFile file;
        try {
            file = RepoFile.parse(content);
        } catch (OpamSyntaxException refused) {
            return false;
        }
        byte[] merged = file.stampedWith(COMMIT, Optional.of("cache"));
        assertThat(RepoFile.parse(merged).stampedWith(COMMIT, Optional.of("cache")))
                .isEqualTo(merged);
        assertThat(Shape.of(merged)).contains("stamp: \"" + COMMIT + '"');
        return true;
    }

    private static byte[] mutilated(Random random) {
        byte[] content = REAL_LOOKING;
        for (int i = random.nextInt(3); i >= 0; i--) {
            int from = random.nextInt(content.length + 1);
            int to = Math.min(content.length, from + random.nextInt(4));
            byte[] piece = random.nextBoolean()
                    ? PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8)
                    : new byte[] {(byte) random.nextInt(256)};
            content = spliced(content, from, to, piece);
        }
        return random.nextInt(50) == 0 ? Arrays.copyOf(content, random.nextInt(content.length)) : content;
    }

    private static byte[] spliced(byte[] content, int from, int to, byte[] piece) {
        byte[] spliced = Arrays.copyOf(content, from + piece.length + content.length - to);
        System.arraycopy(piece, 0, spliced, from, piece.length);
        System.arraycopy(content, to, spliced, from + piece.length, content.length - to);
        return spliced;
    }
}
