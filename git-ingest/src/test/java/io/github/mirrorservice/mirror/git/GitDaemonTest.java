package io.github.mirrorservice.mirror.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class GitDaemonTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Scheduler blocking = Schedulers.newBoundedElastic(4, Integer.MAX_VALUE, "daemon-test");

    @TempDir
    Path place;

    @AfterEach
    void end() {
        blocking.dispose();
    }

    @Test
    void a_mirror_fetches_from_it_and_sees_what_is_pushed_later() {
        try (GitAuthor author = GitAuthor.at(place);
                GitDaemon daemon = GitDaemon.serve(place)) {
            CommitId first = commit(author, "one");
            try (GitMirror mirror = GitMirror.inMemory(daemon.remote(), GitLimits.STANDARD, blocking)) {
                assertThat(mirror.fetch().map(Commit::id).block(DEADLINE)).isEqualTo(first);

                CommitId second = commit(author, "two");

                assertThat(mirror.fetch().map(Commit::id).block(DEADLINE)).isEqualTo(second);
            }
        }
    }

    private static CommitId commit(GitAuthor author, String content) {
        return author.commit(Map.of("file", Optional.of(content.getBytes(UTF_8))), content, Instant.EPOCH);
    }
}
