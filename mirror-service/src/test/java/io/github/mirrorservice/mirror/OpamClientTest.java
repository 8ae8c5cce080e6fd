package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.mirrorservice.mirror.git.GitAuthor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real opam clients against a whole mirror. */
final class OpamClientTest {

    private static final int PACKAGES = 40;
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);

    @TempDir
    private Path folder;

    private GitAuthor author;
    private RunningMirror mirror;

    @BeforeAll
    static void needs_a_client() {
        assumeFalse(
                OpamClient.executables().isEmpty(),
                "not run: there is no opam on the PATH, and the system property " + OpamClient.CLIENTS
                        + " names none either");
    }

    @BeforeEach
    void mirror_a_repository() {
        author = GitAuthor.at(folder.resolve("upstream.git"));
        author.commit(tree("first"), "forty packages", TIME);
        mirror = RunningMirror.of(folder.resolve("upstream.git").toString(), folder.resolve("data"));
        assertThat(mirror.sync()).doesNotContain("failed", "held");
    }

    @AfterEach
    void close() {
        mirror.close();
        author.close();
    }

    @ParameterizedTest
    @MethodSource("clients")
    void a_client_has_all_packages_and_nothing_to_complain_of(Path opam) {
        OpamClient client = new OpamClient(opam, folder);

        assertThat(client.init(mirror.url())).doesNotContain("WARNING", "ERROR");
        assertThat(client.update()).doesNotContain("WARNING", "ERROR");

        assertThat(client.packages()).hasSize(PACKAGES).contains("package-7");
        assertThat(client.show("package-7.1.0")).contains("synopsis: \"first\"");
    }

    @ParameterizedTest
    @MethodSource("clients")
    void changed_added_and_removed_packages_reach_a_client(Path opam) {
        OpamClient client = new OpamClient(opam, folder);
        client.init(mirror.url());

        push(Map.of(
                path("package-1.1.0"), Optional.of(opamFile("changed")),
                path("package-1.2.0"), Optional.of(opamFile("added")),
                path("package-2.1.0"), Optional.empty()));
        assertThat(client.update()).doesNotContain("WARNING", "ERROR");

        assertThat(client.show("package-1.1.0")).contains("synopsis: \"changed\"");
        assertThat(client.show("package-1.2.0")).contains("synopsis: \"added\"");
        assertThat(client.packages()).hasSize(PACKAGES - 1).doesNotContain("package-2");
    }

    @ParameterizedTest
    @MethodSource("clients")
    void a_force_pushed_history_replaces_what_a_client_has(Path opam) {
        OpamClient client = new OpamClient(opam, folder);
        client.init(mirror.url());

        Map<String, Optional<byte[]>> other = tree("another history");
        other.remove(path("package-3.1.0"));
        other.put(path("package-40.1.0"), Optional.of(opamFile("another history")));
        author.startOver(other, "forty packages, not quite the same", TIME);
        assertThat(mirror.sync()).contains("published");
        assertThat(client.update()).doesNotContain("WARNING", "ERROR");

        assertThat(client.show("package-7.1.0")).contains("synopsis: \"another history\"");
        assertThat(client.packages()).hasSize(PACKAGES).contains("package-40").doesNotContain("package-3");
    }

    @ParameterizedTest
    @MethodSource("clients")
    void a_client_has_every_version_of_the_real_repository(Path opam) {
        String corpus = System.getProperty("opam.corpus", "");
        assumeTrue(!corpus.isEmpty(), "not run: the system property opam.corpus names no bundle or repository");
        try (RunningMirror real = RunningMirror.of(corpus, folder.resolve("real"))) {
            assertThat(real.sync()).doesNotContain("failed", "held");
            OpamClient client = new OpamClient(opam, folder);
            client.init(real.url());
            client.update();

            assertThat(client.versions()).doesNotHaveDuplicates().hasSize(real.opamFiles());
        }
    }

    static List<Path> clients() {
        return OpamClient.executables();
    }

    private void push(Map<String, Optional<byte[]>> changes) {
        author.commit(changes, "a merge", TIME);
        assertThat(mirror.sync()).contains("published");
    }

    private static Map<String, Optional<byte[]>> tree(String synopsis) {
        Map<String, Optional<byte[]>> files = new HashMap<>();
        files.put("repo", Optional.of("opam-version: \"2.0\"\nbrowse: \"https://example.org/\"\n".getBytes(UTF_8)));
        IntStream.range(0, PACKAGES)
                .forEach(i -> files.put(path("package-" + i + ".1.0"), Optional.of(opamFile(synopsis))));
        return files;
    }

    private static String path(String nameAndVersion) {
        String name = nameAndVersion.substring(0, nameAndVersion.indexOf('.'));
        return "packages/" + name + "/" + nameAndVersion + "/opam";
    }

    private static byte[] opamFile(String synopsis) {
        return ("opam-version: \"2.0\"\nsynopsis: \"" + synopsis + "\"\nmaintainer: \"nobody@example.org\"\n")
                .getBytes(UTF_8);
    }
}
