package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jgit.transport.Daemon;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Remotes that are spoken to by Git's own protocol. */
final class GitDaemonTest {

    @RegisterExtension
    private final BlockingLane lane = new BlockingLane();

    @TempDir
    private Path directory;

    @Test
    void it_is_fetched_from_first_and_again() throws IOException {
        try (Upstream upstream = new Upstream(directory.resolve("upstream.git"))) {
            Daemon daemon = new Daemon(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            daemon.setRepositoryResolver((client, name) -> upstream.repository());
            daemon.start();
            try (GitMirror mirror = mirror(daemon.getAddress().getPort(), GitLimits.STANDARD)) {
                CommitId first = upstream.commit("a=1", "b=1");
                assertThat(Now.value(mirror.fetch()).id()).isEqualTo(first);

                CommitId second = upstream.commit("a=2");
                assertThat(Now.value(mirror.fetch()).id()).isEqualTo(second);
                assertThat(Now.list(mirror.changes(Optional.of(first), second))).hasSize(1);
            } finally {
                daemon.stop();
            }
        }
    }

    @Test
    void silence_is_not_waited_for_longer_than_the_limit() throws IOException {
        GitLimits impatient = new GitLimits(
                new GitLimits.Exchange(Duration.ofSeconds(1), Duration.ofMinutes(1), 1 << 20),
                GitLimits.STANDARD.pack(),
                GitLimits.STANDARD.tree());
        // The kernel takes the connection, but nobody ever answers.
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                GitMirror mirror = mirror(silent.getLocalPort(), impatient)) {
            assertThat(Now.error(GitException.Unreachable.class, mirror.fetch()))
                    .hasMessageContaining("silent for too long");
        }
    }

    private GitMirror mirror(int port, GitLimits limits) {
        GitRemote remote = GitRemote.parse("git://127.0.0.1:" + port + "/upstream.git");
        return GitMirror.inMemory(remote, limits, lane.scheduler());
    }
}
