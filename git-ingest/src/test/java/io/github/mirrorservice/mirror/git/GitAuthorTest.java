package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GitAuthorTest {

    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path directory;

    @Test
    void commits_are_those_that_git_itself_would_make() {
        try (GitAuthor author = GitAuthor.at(directory.resolve("one.git"))) {
            CommitId first =
                    author.commit(Map.of("a", text("1\n"), "b/c", text("2\n"), "b.d", text("3\n")), "one", TIME);
            CommitId second =
                    author.commit(Map.of("a", Optional.empty(), "b/e", text("4\n")), "two", TIME.plusSeconds(1));

            // Names made by git 2.39 with the same contents, author and times.
            assertThat(first.hex()).isEqualTo("b0163c9dec59533f3258cf6f9568cd2bd4085577");
            assertThat(second.hex()).isEqualTo("d5e6400a8e121d2b5908f4d6bcdbcf726205a55e");
        }
    }

    @Test
    void a_large_first_commit_is_one_pack_and_small_ones_are_small() throws IOException {
        Path repository = directory.resolve("large.git");
        Map<String, Optional<byte[]>> files = new LinkedHashMap<>();
        for (int i = 0; i < 10_000; i++) {
            files.put("packages/p" + i / 4 + "/p." + i + "/opam", text("content " + i));
        }
        try (GitAuthor author = GitAuthor.at(repository)) {
            author.commit(files, "all", TIME);
            assertThat(count(repository, Pattern.compile(".*[.]pack"))).isEqualTo(1);
            assertThat(loose(repository)).isZero();

            author.commit(Map.of("packages/p7/p.28/opam", text("new")), "one", TIME);
            // A blob, four folders and a commit.
            assertThat(loose(repository)).isEqualTo(6);
        }
    }

    @Test
    void a_folder_without_files_is_gone_and_kinds_may_change() {
        try (Upstream upstream = new Upstream(directory.resolve("kinds.git"))) {
            CommitId plain = upstream.commit("x=1", "keep=0");
            upstream.commit("-x", "x/y/z=2");
            upstream.commit("-x/y/z", "x=1");

            try (GitAuthor author = GitAuthor.at(upstream.path())) {
                author.commit(Map.of("gone/a", text("1")), "add", TIME);
                author.commit(Map.of("gone/a", Optional.empty()), "remove", TIME);
            }
            assertThat(tree(upstream, "HEAD")).isEqualTo(tree(upstream, plain.hex()));
        }
    }

    @Test
    void an_existing_repository_is_gone_on_with() {
        Path repository = directory.resolve("again.git");
        try (GitAuthor author = GitAuthor.at(repository)) {
            author.commit(Map.of("a", text("1")), "one", TIME);
        }
        try (GitAuthor author = GitAuthor.at(repository)) {
            CommitId second = author.commit(Map.of("b", text("2")), "two", TIME);
            assertThat(author.head()).contains(second);
        }
        try (Upstream upstream = new Upstream(repository)) {
            assertThat(tree(upstream, "HEAD~1")).isNotEqualTo(tree(upstream, "HEAD"));
        }
    }

    private static String tree(Upstream upstream, String commit) {
        try (Repository repository = upstream.repository()) {
            return String.valueOf(repository.resolve(commit + "^{tree}"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long loose(Path repository) throws IOException {
        return count(repository.resolve("objects"), Pattern.compile(".*/[0-9a-f]{2}/[0-9a-f]{38}"));
    }

    private static long count(Path folder, Pattern name) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> name.matcher(file.toString()).matches()).count();
        }
    }

    private static Optional<byte[]> text(String text) {
        return Optional.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
