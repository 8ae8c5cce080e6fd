package io.github.mirrorservice.mirror.opam.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.git.CommitId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The real opam repository is read without loss. */
@EnabledIf(
        value = "io.github.mirrorservice.mirror.opam.format.Corpus#isThere",
        disabledReason = "not run: -Dopam.corpus names no opam repository or bundle, or there is no git on the PATH")
final class CorpusTest {

    private static final String COMMENT = "(?m)^\\s*#.*$";
    private static final Pattern FIRST_CHECKSUM =
            Pattern.compile("\\bchecksum\\s*:\\s*\\[?\\s*\"(?:(\\w+)=|[0-9a-f]{32}\")");
    private static final Pattern MAIN_URL = Pattern.compile("(?m)^\\s*(?:src|archive)\\s*:\\s*\"(https?://[^\"#]+)");

    private static Corpus corpus;
    private static Map<String, byte[]> tip;

    @BeforeAll
    static void clone_the_corpus(@TempDir Path directory) {
        corpus = Corpus.cloned(directory.resolve("corpus.git"));
        tip = corpus.opamFiles();
    }

    @Test
    void every_opam_file_of_every_commit_is_well_formed() {
        Map<String, byte[]> files = corpus.everyOpamFile();
        assertThat(files).hasSizeGreaterThan(tip.size());
        assertThat(files.entrySet().stream()
                        .flatMap(file -> OpamFile.read(file.getKey(), file.getValue()).diagnostics().stream())
                        .map(Diagnostic::toString))
                .isEmpty();
    }

    @Test
    void the_first_checksums_are_those_that_a_plain_search_finds() {
        Map<String, Integer> searched = new TreeMap<>();
        tip.values().stream()
                .flatMap(content -> search(FIRST_CHECKSUM, content))
                .forEach(found -> searched.merge(found.group(1) == null ? "md5" : found.group(1), 1, Integer::sum));
        Map<String, Integer> read = new TreeMap<>();
        archives()
                .flatMap(archive -> archive.digests().stream().limit(1))
                .forEach(first -> read.merge(first.algorithm().label(), 1, Integer::sum));
        assertThat(read).isEqualTo(searched).containsKeys("md5", "sha256", "sha512");
    }

    @Test
    void the_main_urls_are_those_that_a_plain_search_finds() {
        assertThat(archives().map(archive -> archive.urls().get(0)))
                .containsExactlyInAnyOrderElementsOf(tip.values().stream()
                        .flatMap(content -> search(MAIN_URL, content))
                        .map(found -> found.group(1))
                        .toList());
    }

    @Test
    void no_url_has_two_hashes_of_one_algorithm() {
        Map<String, Set<Digest>> byUrl = new HashMap<>();
        archives().forEach(archive -> archive.urls().forEach(url -> archive.digests().stream()
                .forEach(digest -> byUrl.computeIfAbsent(url + ' ' + digest.algorithm(), key -> new HashSet<>())
                        .add(digest))));
        assertThat(byUrl).isNotEmpty().allSatisfy((url, digests) -> assertThat(digests)
                .hasSize(1));
    }

    @Test
    void the_repo_file_gains_the_cache_and_a_stamp_and_loses_nothing() {
        byte[] original = corpus.repo();
        CommitId commit = new CommitId("0123456789abcdef0123456789abcdef01234567");
        byte[] stamped = RepoFile.parse(original).stampedWith(commit, Optional.of("cache"));
        assertThat(new String(stamped, StandardCharsets.UTF_8))
                .isEqualTo(new String(original, StandardCharsets.UTF_8) + "archive-mirrors: [\"cache\"]\nstamp: \""
                        + commit.hex() + "\"\n");
        assertThat(RepoFile.parse(stamped).stampedWith(commit, Optional.of("cache")))
                .isEqualTo(stamped);
    }

    private static Stream<ArchiveRef> archives() {
        return tip.entrySet().stream()
                .flatMap(file -> OpamFile.read(file.getKey(), file.getValue()).archives().stream());
    }

    private static Stream<MatchResult> search(Pattern pattern, byte[] content) {
        return pattern.matcher(new String(content, StandardCharsets.UTF_8).replaceAll(COMMENT, ""))
                .results();
    }
}
