package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.mirrorservice.mirror.IndexReader.Reading;
import io.github.mirrorservice.mirror.git.GitAuthor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The index as it is served, read with everything that reads archives. */
final class IndexReadersTest {

    private static final int GZIP_HEADER = 10;
    private static final int GZIP_TRAILER = 8;

    @TempDir
    private static Path folder;

    private static Path made;
    private static Reading expected;

    @BeforeAll
    static void serve_an_index_with_everything_that_a_tree_may_hold() throws IOException {
        Path remote = folder.resolve("upstream.git");
        SortedMap<String, byte[]> tree = tree();
        try (GitAuthor author = GitAuthor.at(remote)) {
            author.commit(
                    tree.entrySet().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, file -> Optional.of(file.getValue()))),
                    "all kinds of files",
                    Instant.ofEpochSecond(1_700_000_000));
        }
        try (RunningMirror mirror = RunningMirror.of(remote.toString(), folder.resolve("data"))) {
            mirror.sync();
            made = Files.write(
                    folder.resolve("made.tar.gz"), mirror.get("/index.tar.gz").body());
            tree.put("repo", mirror.get("/repo").body());
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        tree.values().forEach(content::writeBytes);
        expected = new Reading(tree.keySet().stream().toList(), content.toByteArray());
    }

    @ParameterizedTest
    @EnumSource
    void a_reader_finds_every_file_with_its_content(IndexReader reader) {
        assertSame(read(reader, made), expected);
    }

    @ParameterizedTest
    @EnumSource
    void a_reader_finds_the_files_of_the_real_repository(IndexReader reader) throws IOException {
        String corpus = System.getProperty("opam.corpus", "");
        assumeTrue(!corpus.isEmpty(), "not run: the system property opam.corpus names no bundle or repository");
        try (RunningMirror mirror = RunningMirror.of(corpus, folder.resolve("real-" + reader))) {
            mirror.sync();
            Path real = Files.write(
                    folder.resolve("real.tar.gz"), mirror.get("/index.tar.gz").body());

            Reading reading = read(reader, real);

            assertSame(reading, IndexReader.readStrictly(real));
            assertThat(reading.names())
                    .doesNotHaveDuplicates()
                    .filteredOn(name -> name.endsWith("/opam"))
                    .hasSize(mirror.opamFiles());
        }
    }

    @Test
    void gzip_finds_no_fault() {
        assumeTrue(Tool.named("gzip").isPresent(), "not run: there is no gzip on the PATH");

        new Tool(Tool.named("gzip").orElseThrow(), folder, Map.of()).run("-t", made.toString());
    }

    @Test
    void it_is_one_gzip_member_with_nothing_behind() throws IOException, DataFormatException {
        byte[] bytes = Files.readAllBytes(made);
        Inflater inflater = new Inflater(true);
        inflater.setInput(bytes, GZIP_HEADER, bytes.length - GZIP_HEADER);
        byte[] buffer = new byte[8192];
        while (!inflater.finished()) {
            assertThat(inflater.inflate(buffer)).isPositive();
        }

        assertThat(inflater.getRemaining()).isEqualTo(GZIP_TRAILER);
        inflater.end();
    }

    private static Reading read(IndexReader reader, Path index) {
        Optional<Tool> tool = reader.tool(folder);
        assumeTrue(tool.isPresent(), "not run: this machine has no " + reader);
        return reader.read(tool.orElseThrow(), index);
    }

    private static void assertSame(Reading actual, Reading expected) {
        assertThat(actual.names()).containsExactlyElementsOf(expected.names());
        assertThat(actual.content()).isEqualTo(expected.content());
    }

    private static SortedMap<String, byte[]> tree() {
        String files = "packages/a/a.1.0/files/";
        byte[] large = new byte[200_000];
        new Random(1).nextBytes(large);
        SortedMap<String, byte[]> tree = new TreeMap<>();
        tree.put("packages/a/a.1.0/opam", "opam-version: \"2.0\"\n".getBytes(UTF_8));
        tree.put("packages/b/b.2.0~beta/opam", "opam-version: \"2.0\"\nsynopsis: \"é\"\n".getBytes(UTF_8));
        tree.put("repo", "opam-version: \"2.0\"\n".getBytes(UTF_8));
        tree.put("version", "0.9.0\n".getBytes(UTF_8));
        tree.put(files + "empty", new byte[0]);
        tree.put(files + "large", large);
        tree.put(files + "accents-é-ü", "not ASCII".getBytes(UTF_8));
        tree.put(files + "d".repeat(90) + "/" + "f".repeat(50), "a name for ustar's prefix".getBytes(UTF_8));
        tree.put(files + "g".repeat(200), "a name for a pax header".getBytes(UTF_8));
        tree.put(files + "h".repeat(99) + "/" + "i".repeat(150), "a longer one".getBytes(UTF_8));
        return tree;
    }
}
