package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

/** A tree of an impossible shape ends in an error that names the path and the limit. */
final class TreeLimitsTest {

    private static final GitLimits LIMITS = new GitLimits(
            GitLimits.STANDARD.exchange(), GitLimits.STANDARD.pack(), new GitLimits.Tree(4, 40, 100, 1000));

    @RegisterExtension
    private final BlockingLane lane = new BlockingLane();

    private Upstream upstream;
    private GitMirror mirror;

    @BeforeEach
    void open(@TempDir Path directory) {
        upstream = new Upstream(directory.resolve("upstream"));
        mirror = GitMirror.inMemory(upstream.remote(), LIMITS, lane.scheduler());
    }

    @AfterEach
    void close() {
        mirror.close();
        upstream.close();
    }

    @Test
    void what_is_just_within_the_limits_passes() {
        CommitId tip = upstream.commit("1/2/3/4=x", "a".repeat(40) + "=x", "é".repeat(20) + "=x");

        Now.value(mirror.fetch());
        assertThat(Now.list(mirror.changes(Optional.empty(), tip))).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "1/2/3/4/5, is deeper than the limit of 4",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, is longer than the limit of 40 bytes",
        "ééééééééééééééééééééé, is longer than the limit of 40 bytes",
        "be\u0007ll, is not UTF-8 or holds control characters",
        "be\u0085ll, is not UTF-8 or holds control characters",
    })
    void a_path_beyond_the_limits_is_refused(String path, String problem) {
        CommitId before = upstream.commit("ok=1");
        Now.value(mirror.fetch());
        CommitId after = upstream.commit(path + "=x");
        Now.value(mirror.fetch());

        for (Optional<CommitId> from : List.of(Optional.<CommitId>empty(), Optional.of(before))) {
            assertThat(failure(from, after))
                    .hasMessageContaining(
                            "the path " + path.replaceAll("\\p{Cntrl}", "?").substring(0, 2))
                    .hasMessageContaining(problem)
                    .hasMessageContaining("Remedy: mend the tree in the repository, or raise the limit");
        }
        assertThat(Now.list(mirror.changes(Optional.empty(), before))).hasSize(1);
    }

    @Test
    void a_name_that_is_no_utf8_is_refused() {
        byte[] latin1 = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> PathRules.text(latin1, 0, latin1.length))
                .isInstanceOf(GitException.Corrupt.class)
                .hasMessageContaining("is not UTF-8");
    }

    @Test
    void too_many_files_are_refused() {
        CommitId before = upstream.commit("ok=1");
        Now.value(mirror.fetch());
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            many.add(i + "=" + i);
        }
        CommitId after = upstream.commit(many.toArray(String[]::new));
        Now.value(mirror.fetch());

        assertThat(failure(Optional.empty(), after)).hasMessageContaining("more entries than the limit of 100");
        assertThat(failure(Optional.of(before), after)).hasMessageContaining("more entries than the limit of 100");
    }

    @Test
    void a_tree_bomb_without_files_is_refused() {
        // Ten folders, each with ten times the same folder, and so on: 10^4 folders in four objects.
        CommitId before = upstream.commit("ok=1");
        Now.value(mirror.fetch());
        CommitId after = upstream.commit(new TreeEdit("bomb", FileMode.TREE, Optional.of(bomb())));
        Now.value(mirror.fetch());

        assertThat(failure(Optional.empty(), after)).hasMessageContaining("more entries than the limit of 100");
        assertThat(failure(Optional.of(before), after)).hasMessageContaining("more entries than the limit of 100");
    }

    @Test
    void a_blob_beyond_the_limit_is_refused_with_its_size() {
        CommitId tip = upstream.commit("large=" + "x".repeat(1001), "fits=" + "y".repeat(1000));
        Now.value(mirror.fetch());
        Flux<BlobId> ids =
                mirror.changes(Optional.empty(), tip).cast(TreeChange.Put.class).map(TreeChange.Put::blob);

        assertThat(Now.value(mirror.read(ids).next()).bytes()).hasSize(1000);
        assertThat(Now.error(GitException.Corrupt.class, mirror.read(ids).then()))
                .hasMessageContaining("has 1001 bytes, more than the limit of 1000");
    }

    @Test
    void limits_that_let_nothing_through_are_refused() {
        assertThatThrownBy(() -> new GitLimits.Tree(0, 1, 1, 1)).hasMessage("the limit depth must be positive: 0");
        assertThatThrownBy(() -> new GitLimits.Pack(1, -1, 1)).hasMessage("the limit objects must be positive: -1");
        assertThatThrownBy(() -> new GitLimits.Exchange(Duration.ofMillis(999), Duration.ofSeconds(1), 1))
                .hasMessage("the limit silence (seconds) must be positive: 0");
    }

    private GitException failure(Optional<CommitId> from, CommitId to) {
        return Now.error(GitException.Corrupt.class, mirror.changes(from, to).then());
    }

    /** The name of a tree in the upstream that is large and made of almost nothing. */
    private byte[] bomb() {
        try (ObjectInserter inserter = upstream.repository().newObjectInserter()) {
            ObjectId folder = inserter.insert(Constants.OBJ_TREE, new byte[0]);
            for (int level = 0; level < 3; level++) {
                TreeFormatter wider = new TreeFormatter();
                for (int i = 0; i < 10; i++) {
                    wider.append(String.valueOf(i), FileMode.TREE, folder);
                }
                folder = inserter.insert(wider);
            }
            inserter.flush();
            return folder.name().getBytes(StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
