package io.github.mirrorservice.mirror.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.mirrorservice.mirror.opam.format.OpamFile;
import io.github.mirrorservice.mirror.opam.format.RepoFile;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HistoryTest {

    private static final int FULL_SWING = 2 * History.SWING;

    /** The sizes are those of opam-repository in August 2026. */
    @Test
    void the_standard_size_measures_like_the_public_repository() {
        double[] sizes = new History(DemoSize.STANDARD)
                .first().changes().entrySet().stream()
                        .filter(file -> file.getKey().endsWith("/opam"))
                        .mapToDouble(file -> file.getValue().orElseThrow().length)
                        .sorted()
                        .toArray();

        assertThat(sizes.length).as("package versions").isCloseTo(9_000, withinPercentage(3));
        assertThat(Arrays.stream(sizes).average().orElseThrow())
                .as("mean bytes")
                .isCloseTo(1_377, withinPercentage(3));
        assertThat(sizes[sizes.length / 2]).as("median bytes").isCloseTo(1_256, withinPercentage(5));
        assertThat(sizes[sizes.length / 100]).as("bytes of a small one").isCloseTo(684, withinPercentage(25));
        assertThat(sizes[sizes.length * 99 / 100]).as("bytes of a large one").isCloseTo(3_742, withinPercentage(25));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 20, 137, 500})
    void the_first_commit_has_as_many_package_names_as_asked_for(int packages) {
        assertThat(Tree.after(new History(new DemoSize(packages)), 0).packageNames())
                .hasSize(packages);
    }

    @Test
    void the_repo_file_is_one_that_clients_read() {
        String repo = Tree.after(new History(new DemoSize(1)), 0).file("repo").orElseThrow();

        assertThat(repo).contains("browse:", "upstream:", "announce:", "{opam-version");
        assertThatCode(() -> RepoFile.parse(repo.getBytes(UTF_8))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20})
    void every_merge_changes_something_and_all_opam_files_stay_well_formed(int packages) {
        History history = new History(new DemoSize(packages));
        Tree tree = Tree.after(history, 0);
        assertWellFormed(history.first());

        for (int number = 1; number <= FULL_SWING; number++) {
            Merge merge = history.merge(number);
            assertThat(merge.changes()).as(merge.message()).isNotEmpty();
            merge.changes()
                    .forEach((path, content) ->
                            assertThat(content.map(Tree::text)).as(path).isNotEqualTo(tree.file(path)));
            assertWellFormed(merge);
            tree.apply(merge);
            assertThat(tree.packageNames()).hasSizeGreaterThanOrEqualTo(packages);
        }
    }

    @Test
    void merges_bring_new_versions_and_new_packages_change_files_and_take_versions_away() {
        History history = new History(new DemoSize(20));

        assertThat(IntStream.rangeClosed(1, History.SWING)
                        .mapToObj(number -> history.merge(number).message().replaceAll(".*/([a-z]+)-.*", "$1"))
                        .distinct())
                .containsExactlyInAnyOrder("release", "introduce", "bounds", "archive");
    }

    @Test
    void the_tree_does_not_grow_for_ever_because_it_swings_back() {
        History history = new History(new DemoSize(20));

        assertThat(Tree.after(history, FULL_SWING).files())
                .isEqualTo(Tree.after(history, 0).files());
        assertThat(history.merge(FULL_SWING + 1L).changes().keySet())
                .isEqualTo(history.merge(1).changes().keySet());
    }

    private static void assertWellFormed(Merge merge) {
        merge.changes().forEach((path, content) -> {
            if (path.endsWith("/opam") && content.isPresent()) {
                OpamFile file = OpamFile.read(path, content.get());
                assertThat(file.diagnostics()).isEmpty();
                assertThat(file.archives()).as(path).hasSizeGreaterThanOrEqualTo(path.contains("/conf-") ? 0 : 1);
            }
        });
    }
}
