package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Which commit is fetched. */
final class BranchTest {

    @RegisterExtension
    private final BlockingLane lane = new BlockingLane();

    @TempDir
    private Path directory;

    @Test
    void head_decides_when_no_branch_is_named() throws IOException {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"))) {
            CommitId first = upstream.commit("a=1");
            branch(upstream, "other", first);
            CommitId second = upstream.commit("a=2");

            assertThat(fetch(upstream.remote())).isEqualTo(second);
            head(upstream, "other");
            assertThat(fetch(upstream.remote())).isEqualTo(first);
        }
    }

    @Test
    void a_named_branch_is_followed() throws IOException {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"));
                GitServer server = GitServer.serving(upstream.path())) {
            CommitId first = upstream.commit("a=1");
            branch(upstream, "release/1.0", first);
            upstream.commit("a=2");

            assertThat(fetch(upstream.remote().withBranch("release/1.0"))).isEqualTo(first);
            assertThat(fetch(GitRemote.parse(server.url() + "#release/1.0"))).isEqualTo(first);
        }
    }

    @Test
    void a_branch_that_is_not_there_is_reported_with_those_that_are() {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"))) {
            upstream.commit("a=1");

            assertThat(failure(upstream.remote().withBranch("master")))
                    .hasMessageContaining("there is no branch master")
                    .hasMessageContaining("Remedy: name one that is there: main");
        }
    }

    @Test
    void a_branch_that_was_removed_is_reported_and_the_last_commit_stays() throws IOException {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"));
                GitServer server = GitServer.serving(upstream.path())) {
            CommitId tip = upstream.commit("a=1");
            Path branch = branch(upstream, "gone", tip);
            try (GitMirror mirror = mirror(GitRemote.parse(server.url() + "#gone"))) {
                Now.value(mirror.fetch());
                Files.delete(branch);

                assertThat(Now.error(GitException.NoSuchBranch.class, mirror.fetch()))
                        .hasMessageContaining("there is no branch gone. Remedy: push one, or name another");
                assertThat(Now.value(mirror.tip()).id()).isEqualTo(tip);
            }
        }
    }

    @Test
    void a_repository_without_commits_is_reported() {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"));
                GitServer server = GitServer.serving(upstream.path())) {
            assertThat(failure(upstream.remote())).hasMessageContaining("there is no commit");
            assertThat(failure(GitRemote.parse(server.url()))).hasMessageContaining("there is no commit");
        }
    }

    @Test
    void a_head_that_names_no_branch_is_reported() throws IOException {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"))) {
            upstream.commit("a=1");
            branch(upstream, "other", upstream.commit("a=2"));
            head(upstream, "nowhere");

            assertThat(failure(upstream.remote()))
                    .hasMessageContaining("HEAD names a branch that does not exist")
                    .hasMessageContaining("main, other");
        }
    }

    private CommitId fetch(GitRemote remote) {
        try (GitMirror mirror = mirror(remote)) {
            return Now.value(mirror.fetch()).id();
        }
    }

    private GitException failure(GitRemote remote) {
        try (GitMirror mirror = mirror(remote)) {
            return Now.error(GitException.NoSuchBranch.class, mirror.fetch());
        }
    }

    private GitMirror mirror(GitRemote remote) {
        return GitMirror.inMemory(remote, GitLimits.STANDARD, lane.scheduler());
    }

    private static Path branch(Upstream upstream, String name, CommitId commit) throws IOException {
        Path branch = upstream.path().resolve("refs/heads/" + name);
        Files.createDirectories(branch.getParent());
        return Files.writeString(branch, commit.hex() + "\n");
    }

    private static void head(Upstream upstream, String branch) throws IOException {
        Files.writeString(upstream.path().resolve("HEAD"), "ref: refs/heads/" + branch + "\n");
    }
}
