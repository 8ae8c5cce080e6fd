package io.github.mirrorservice.mirror.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.mirrorservice.mirror.git.Blob;
import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.GitLimits;
import io.github.mirrorservice.mirror.git.GitMirror;
import io.github.mirrorservice.mirror.git.TreeChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * What a mirror gets when it fetches a demo.
 *
 * @param commit the newest commit
 * @param files the content by path
 */
record Fetched(Commit commit, Map<String, String> files) {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    static Fetched from(DemoRepository demo) {
        try (GitMirror mirror = GitMirror.inMemory(demo.remote(), GitLimits.STANDARD, Schedulers.boundedElastic())) {
            Commit commit = now(mirror.fetch());
            List<TreeChange.Put> puts = now(mirror.changes(Optional.empty(), commit.id())
                    .cast(TreeChange.Put.class)
                    .collectList());
            List<Blob> blobs = now(mirror.read(Flux.fromIterable(puts).map(TreeChange.Put::blob))
                    .collectList());
            Map<String, String> files = new TreeMap<>();
            for (int i = 0; i < puts.size(); i++) {
                files.put(puts.get(i).path(), new String(blobs.get(i).bytes(), UTF_8));
            }
            return new Fetched(commit, files);
        }
    }

    private static <T> T now(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(DEADLINE));
    }
}
