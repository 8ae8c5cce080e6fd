package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.BundleWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Remotes on this machine: repositories and bundles. */
final class LocalRemoteTest {

    @RegisterExtension
    private final BlockingLane lane = new BlockingLane();

    @TempDir
    private Path directory;

    private Upstream upstream;

    @BeforeEach
    void open() {
        upstream = new Upstream(directory.resolve("upstream.git"));
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    @Test
    void a_path_a_file_url_and_a_work_tree_are_repositories() throws IOException {
        CommitId tip = upstream.commit("a=1");
        Files.createDirectory(directory.resolve("tree"));
        Files.writeString(directory.resolve("tree/.git"), "gitdir: " + upstream.path());

        assertThat(fetch(upstream.path().toString())).isEqualTo(tip);
        assertThat(fetch(upstream.path().toUri().toString())).isEqualTo(tip);
        assertThat(fetch(directory.resolve("tree").toString())).isEqualTo(tip);
    }

    @Test
    void a_bundle_is_read_and_then_its_newer_version() throws IOException {
        CommitId first = upstream.commit("a=1", "b=1");
        Path bundle = bundle("HEAD", first, Optional.empty());
        try (GitMirror mirror = mirror(bundle.toString())) {
            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(first);
            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(first);

            CommitId second = upstream.commit("b=2");
            bundle("HEAD", second, Optional.empty());
            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(second);
            assertThat(Now.list(mirror.changes(Optional.of(first), second))).hasSize(1);
        }
    }

    @Test
    void a_bundle_of_one_branch_needs_no_head() throws IOException {
        CommitId tip = upstream.commit("a=1");
        Path bundle = bundle("refs/heads/main", tip, Optional.empty());

        assertThat(fetch(bundle.toString())).isEqualTo(tip);
        assertThat(fetch(bundle + "#main")).isEqualTo(tip);
        assertThat(failure(GitException.NoSuchBranch.class, bundle + "#master"))
                .hasMessageContaining("name one that is there: main");
    }

    @Test
    void a_bundle_that_builds_upon_what_is_not_in_it_is_refused_until_that_is_here() throws IOException {
        CommitId first = upstream.commit("a=1", "b=1");
        CommitId second = upstream.commit("a=2");
        Path bundle = bundle("HEAD", second, Optional.of(first));

        assertThat(failure(GitException.Corrupt.class, bundle.toString()))
                .hasMessageContaining("needs commits that are not in it")
                .hasMessageContaining("Remedy: make a whole one with: git bundle create FILE HEAD");
    }

    @Test
    void a_truncated_bundle_is_refused() throws IOException {
        Path bundle = bundle("HEAD", upstream.commitMany(200), Optional.empty());
        byte[] bytes = Files.readAllBytes(bundle);
        Files.write(bundle, Arrays.copyOf(bytes, bytes.length / 2));

        assertThat(failure(GitException.Unreachable.class, bundle.toString()))
                .hasMessageContaining("broke off in the middle");
    }

    @Test
    void a_file_that_is_no_bundle_is_refused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "# v9 git bundle\n");

        assertThat(failure(GitException.Corrupt.class, file.toString()))
                .hasMessageContaining("no Git bundle of version 2");
    }

    @Test
    void a_path_without_anything_and_a_folder_that_is_no_repository_are_refused() {
        assertThat(failure(GitException.Unreachable.class, directory + "/nowhere"))
                .hasMessageContaining("there is nothing at this path");
        assertThat(failure(GitException.Unreachable.class, directory.toString()))
                .hasMessageContaining("there is no Git repository");
    }

    private CommitId fetch(String remote) {
        try (GitMirror mirror = mirror(remote)) {
            return Now.value(mirror.fetch()).id();
        }
    }

    private <E extends GitException> E failure(Class<E> type, String remote) {
        try (GitMirror mirror = mirror(remote)) {
            return Now.error(type, mirror.fetch());
        }
    }

    private GitMirror mirror(String remote) {
        return GitMirror.inMemory(GitRemote.parse(remote), GitLimits.STANDARD, lane.scheduler());
    }

    private Path bundle(String name, CommitId tip, Optional<CommitId> assumed) throws IOException {
        Path file = directory.resolve("upstream.bundle");
        try (Repository repository = upstream.repository();
                RevWalk walk = new RevWalk(repository);
                OutputStream out = Files.newOutputStream(file)) {
            BundleWriter writer = new BundleWriter(repository);
            writer.include(name, ObjectId.fromString(tip.hex()));
            if (assumed.isPresent()) {
                writer.assume(walk.parseCommit(ObjectId.fromString(assumed.get().hex())));
            }
            writer.writeBundle(NullProgressMonitor.INSTANCE, out);
        }
        return file;
    }
}
