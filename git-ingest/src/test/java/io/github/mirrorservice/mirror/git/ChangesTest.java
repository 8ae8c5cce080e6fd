package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What counts as a change, and in which order changes come. */
final class ChangesTest {

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
    void paths_come_in_the_order_of_their_bytes() {
        // Slash sorts after dash and dot and before digits; the last two are three and four bytes of UTF-8.
        String[] files = {"a-b=1", "a.b=1", "a/b=1", "a0=1", "aé=1", "b/\uffed=1", "b/\ud83d\udc2b=1", "A=1"};

        List<String> paths = all(upstream.commit(files));

        assertThat(paths).hasSize(files.length).isSortedAccordingTo(ChangesTest::compareBytes);
    }

    @Test
    void differences_come_in_the_order_of_their_bytes() {
        upstream.commit("b=0", "c/x=0");
        List<String> changes = diff("a-b=1", "a/b=1", "a0=1", "-b", "-c/x", "c=1");

        assertThat(changes).containsExactly("a-b", "a/b", "a0", "-b", "c", "-c/x");
    }

    @Test
    void what_was_added_changed_and_removed_is_told() {
        upstream.commit("kept=0", "changed=0", "removed=0", "folder/kept=0", "folder/removed=0");

        assertThat(diff("added=1", "changed=1", "-removed", "folder/added=1", "-folder/removed"))
                .containsExactly("added", "changed", "folder/added", "-folder/removed", "-removed");
    }

    @Test
    void a_rename_is_a_removal_and_a_new_file() {
        upstream.commit("old/name=same");

        assertThat(diff("-old/name", "new/name=same")).containsExactly("new/name", "-old/name");
    }

    @Test
    void a_file_may_become_a_folder_and_a_folder_a_file() {
        upstream.commit("x=0", "y/z=0");

        assertThat(diff("-x", "x/inner=1", "-y/z", "y=1")).containsExactly("-x", "x/inner", "y", "-y/z");
    }

    @Test
    void the_executable_bit_is_no_difference() {
        upstream.commit("script=0", "other=0");
        Optional<byte[]> same = Optional.of("0".getBytes(StandardCharsets.UTF_8));

        List<String> changes = diff(
                new TreeEdit("script", FileMode.EXECUTABLE_FILE, same),
                new TreeEdit("tool", FileMode.EXECUTABLE_FILE, same));

        assertThat(changes).containsExactly("tool");
    }

    @Test
    void files_whose_names_differ_in_case_alone_are_two() {
        assertThat(all(upstream.commit("a/File=1", "a/file=2", "A/file=3")))
                .containsExactly("A/file", "a/File", "a/file");
    }

    @Test
    void a_submodule_is_left_out() {
        upstream.commit("a=0", "b=0");
        byte[] commit = ObjectId.fromString("1".repeat(40)).name().getBytes(StandardCharsets.US_ASCII);
        TreeEdit module = new TreeEdit("a", FileMode.GITLINK, Optional.of(commit));

        assertThat(diff(new TreeEdit("a", FileMode.REGULAR_FILE, Optional.empty()), module))
                .containsExactly("-a");
        assertThat(all(upstream.commit("b=1"))).containsExactly("b");
    }

    @Test
    void one_commit_has_no_changes_to_itself() {
        upstream.commit("a=0");

        assertThat(diff(new String[0])).isEmpty();
    }

    private List<String> diff(String... changes) {
        CommitId before = Now.value(mirror.fetch()).id();
        return fetched(Optional.of(before), upstream.commit(changes));
    }

    private List<String> diff(TreeEdit... edits) {
        CommitId before = Now.value(mirror.fetch()).id();
        return fetched(Optional.of(before), upstream.commit(edits));
    }

    private List<String> all(CommitId commit) {
        return fetched(Optional.empty(), commit);
    }

    private List<String> fetched(Optional<CommitId> from, CommitId to) {
        Now.value(mirror.fetch());
        return Now.list(mirror.changes(from, to)
                .map(change -> (change instanceof TreeChange.Removed ? "-" : "") + change.path()));
    }

    private static int compareBytes(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
