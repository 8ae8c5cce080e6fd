package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

final class WarmTest {
    static final Duration D = Duration.ofSeconds(60);

    static <T> T now(reactor.core.publisher.Mono<T> mono) {
        return java.util.Objects.requireNonNull(mono.block(D));
    }

    @Test
    void happy(@TempDir Path dir) {
        Scheduler blocking = Schedulers.newBoundedElastic(4, 100, "blocking");
        GitAuthor author = GitAuthor.at(dir.resolve("a.git"));
        CommitId c1 = author.commit(
                Map.of("a/b", Optional.of("x".getBytes(StandardCharsets.UTF_8)), "repo", Optional.of(new byte[3])),
                "one",
                Instant.ofEpochSecond(1000));
        for (boolean disk : new boolean[] {false, true}) {
            author.reset(c1);
            GitRemote remote = GitRemote.parse(dir.resolve("a.git").toString());
            GitMirror mirror = disk
                    ? GitMirror.onDisk(dir.resolve("m"), remote, GitLimits.STANDARD, blocking)
                    : GitMirror.inMemory(remote, GitLimits.STANDARD, blocking);
            assertThat(now(mirror.fetch()).id()).isEqualTo(c1);
            System.out.println(
                    mirror.changes(Optional.empty(), c1).collectList().block(D));
            CommitId c2 = author.commit(
                    Map.of("a/b", Optional.of("y".getBytes(StandardCharsets.UTF_8))),
                    "two",
                    Instant.ofEpochSecond(2000));
            assertThat(now(mirror.fetch()).id()).isEqualTo(c2);
            System.out.println(mirror.changes(Optional.of(c1), c2).collectList().block(D));
            mirror.close();
        }
    }
}
