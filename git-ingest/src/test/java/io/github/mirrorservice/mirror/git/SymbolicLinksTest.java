package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Symbolic links stand for what they point to, if that is in the tree. */
final class SymbolicLinksTest {

    @RegisterExtension
    private final BlockingLane lane = new BlockingLane();

    private Upstream upstream;
    private GitMirror mirror;

    @BeforeEach
    void open(@TempDir Path directory) {
        upstream = new Upstream(directory.resolve("upstream"));
        mirror = GitMirror.inMemory(upstream.remote(), GitLimits.STANDARD, lane.scheduler());
    }

    @AfterEach
    void close() {
        mirror.close();
        upstream.close();
    }

    @Test
    void a_link_to_a_file_is_that_file() {
        upstream.commit("real/file=content");
        CommitId tip = upstream.commit(
                TreeEdit.link("link", "real/file"),
                TreeEdit.link("other/link", "../real/./file"),
                TreeEdit.link("chain", "other/link"));

        assertThat(files(tip).keySet()).containsExactly("chain", "link", "other/link", "real/file");
        assertThat(files(tip).values()).containsOnly(files(tip).get("link"));
    }

    @Test
    void a_link_to_a_folder_is_its_files_in_the_right_order() {
        upstream.commit("packages/a/opam=1", "packages/b/opam=2", "link-x=3", "link.x=4", "link0=5");
        CommitId tip = upstream.commit(TreeEdit.link("link", "packages/"));

        assertThat(files(tip).keySet())
                .containsExactly(
                        "link-x",
                        "link.x",
                        "link/a/opam",
                        "link/b/opam",
                        "link0",
                        "packages/a/opam",
                        "packages/b/opam");
    }

    @Test
    void a_way_through_links_is_followed() {
        upstream.commit("deep/inner/file=1");
        CommitId tip =
                upstream.commit(TreeEdit.link("short", "deep/inner"), TreeEdit.link("file", "short/../inner/file"));

        assertThat(files(tip).keySet()).containsExactly("deep/inner/file", "file", "short/file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../outside",
                "../file",
                "folder/../../file",
                "folder/../../outside",
                "nowhere",
                "file/below",
                "link",
                "ping",
                ".",
                "..",
                "folder/up",
                "",
                "folder/absolute/x",
            })
    void a_link_that_leads_nowhere_out_or_around_is_left_out(String target) {
        upstream.commit("file=1", "folder/inner=2");
        upstream.commit(
                TreeEdit.link("ping", "pong"),
                TreeEdit.link("pong", "ping"),
                TreeEdit.link("folder/up", ".."),
                TreeEdit.link("folder/absolute", "/usr"));
        CommitId tip = upstream.commit(TreeEdit.link("link", target));

        assertThat(files(tip).keySet()).containsExactly("file", "folder/inner");
    }

    @Test
    void a_chain_is_followed_eight_links_far() {
        List<TreeEdit> chain = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            chain.add(TreeEdit.link("link" + i, i == 1 ? "file" : "link" + (i - 1)));
        }
        upstream.commit("file=1");
        CommitId tip = upstream.commit(chain.toArray(TreeEdit[]::new));

        assertThat(files(tip).keySet()).hasSize(9).contains("link8").doesNotContain("link9");
    }

    @Test
    void folders_that_link_to_each_other_come_to_an_end() {
        upstream.commit("x/file=1", "y/file=2");
        CommitId tip = upstream.commit(TreeEdit.link("x/y", "../y"), TreeEdit.link("y/x", "../x"));

        assertThat(files(tip).keySet()).containsExactly("x/file", "x/y/file", "y/file", "y/x/file");
    }

    @Test
    void a_change_shows_wherever_a_link_leads_to_it() {
        upstream.commit("real/file=1");
        CommitId before = upstream.commit(TreeEdit.link("link", "real/file"), TreeEdit.link("all", "real"));
        Now.value(mirror.fetch());
        CommitId after = upstream.commit("real/file=2", "real/new=3");
        Now.value(mirror.fetch());

        assertThat(Now.list(mirror.changes(Optional.of(before), after)).stream().map(TreeChange::path))
                .containsExactly("all/file", "all/new", "link", "real/file", "real/new");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void differences_are_those_of_the_two_listings(long seed) {
        Random random = new Random(seed);
        CommitId before = upstream.commit("a/file=0");
        Now.value(mirror.fetch());
        for (int step = 0; step < 12; step++) {
            CommitId after = upstream.commit(edits(random));
            Now.value(mirror.fetch());

            Map<String, BlobId> replayed = new TreeMap<>(files(before));
            for (TreeChange change : Now.list(mirror.changes(Optional.of(before), after))) {
                replay(replayed, change);
            }
            assertThat(replayed).isEqualTo(files(after));
            before = after;
        }
    }

    /** A few changes in a small tree: files, links to anything, removals; at times all links go. */
    private static TreeEdit[] edits(Random random) {
        List<String> places = List.of("a", "b", "c");
        List<String> names = List.of("file", "link", "other");
        List<String> targets = List.of("file", "../a", "../b/link", "../c/other", "..", "nowhere", "../b");
        List<TreeEdit> edits = new ArrayList<>();
        boolean links = random.nextInt(3) > 0;
        for (String place : places) {
            String path = place + "/" + names.get(random.nextInt(names.size()));
            Optional<byte[]> content =
                    Optional.of(String.valueOf(random.nextInt(3)).getBytes(StandardCharsets.UTF_8));
            edits.add(
                    links && random.nextBoolean()
                            ? TreeEdit.link(path, targets.get(random.nextInt(targets.size())))
                            : TreeEdit.file(path, random.nextInt(4) == 0 ? Optional.empty() : content));
        }
        return edits.toArray(TreeEdit[]::new);
    }

    private static void replay(Map<String, BlobId> files, TreeChange change) {
        if (change instanceof TreeChange.Put put) {
            assertThat(put.blob()).isNotEqualTo(files.put(put.path(), put.blob()));
        } else {
            assertThat(files.remove(change.path())).isNotNull();
        }
    }

    private Map<String, BlobId> files(CommitId commit) {
        Now.value(mirror.fetch());
        Map<String, BlobId> files = new TreeMap<>();
        List<TreeChange> all = Now.list(mirror.changes(Optional.empty(), commit));
        all.forEach(change -> replay(files, change));
        assertThat(all.stream().map(TreeChange::path)).containsExactlyElementsOf(files.keySet());
        return files;
    }
}
