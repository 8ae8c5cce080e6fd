package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What a mirror promises, wherever its objects live. */
interface GitMirrorContract extends MirrorFactory {

    @Test
    default void the_first_fetch_brings_the_tip_and_its_files(@TempDir Path directory) {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"));
                GitMirror mirror = mirror(upstream.remote())) {
            CommitId history = upstream.commit("old=1");
            CommitId tip = upstream.commit("-old", "repo=r", "packages/a/a.1/opam=x");

            Commit fetched = Now.value(mirror.fetch());

            assertThat(fetched).isEqualTo(new Commit(tip, Instant.parse("2026-01-01T00:01:00Z")));
            assertThat(changes(mirror, Optional.empty(), tip)).containsExactly("packages/a/a.1/opam=x", "repo=r");
            assertThat(Now.value(mirror.holds(history))).isFalse();
        }
    }

    @Test
    default void the_next_fetch_brings_what_is_new(@TempDir Path directory) {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"));
                GitMirror mirror = mirror(upstream.remote())) {
            CommitId first = upstream.commit("a=1", "b=2", "c/d=3");
            Now.value(mirror.fetch());
            upstream.commit("a=1.1");
            CommitId third = upstream.commit("-b", "c/e=5");

            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(third);
            assertThat(changes(mirror, Optional.of(first), third)).containsExactly("a=1.1", "-b", "c/e=5");
        }
    }

    @Test
    default void nothing_new_asks_for_no_objects(@TempDir Path directory) {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"));
                GitServer server = GitServer.serving(upstream.path());
                GitMirror mirror = mirror(GitRemote.parse(server.url()))) {
            CommitId tip = upstream.commit("a=1");
            Now.value(mirror.fetch());
            server.takeRequests();

            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(tip);
            assertThat(server.takeRequests()).containsExactly(GitServer.REFERENCES);
        }
    }

    @Test
    default void a_force_push_is_followed_forward_and_back(@TempDir Path directory) {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"));
                GitMirror mirror = mirror(upstream.remote())) {
            CommitId before = upstream.commit("a=1", "b=2");
            Now.value(mirror.fetch());
            CommitId after = upstream.startOver("b=2", "c=3");

            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(after);
            assertThat(changes(mirror, Optional.of(before), after)).containsExactly("-a", "c=3");

            upstream.reset(before);
            assertThat(Now.value(mirror.fetch()).id()).isEqualTo(before);
            assertThat(changes(mirror, Optional.of(after), before)).containsExactly("a=1", "-c");
        }
    }

    @Test
    default void the_tip_is_known_without_the_remote(@TempDir Path directory) {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"));
                GitMirror mirror = mirror(upstream.remote())) {
            assertThat(mirror.tip().blockOptional(Now.DEADLINE)).isEmpty();
            upstream.commit("a=1");
            Commit fetched = Now.value(mirror.fetch());

            assertThat(Now.value(mirror.tip())).isEqualTo(fetched);
        }
    }

    @Test
    default void it_says_which_commits_it_holds(@TempDir Path directory) {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"));
                GitMirror mirror = mirror(upstream.remote())) {
            CommitId first = upstream.commit("a=1");
            Now.value(mirror.fetch());
            CommitId second = upstream.commit("a=2");

            assertThat(Now.value(mirror.holds(first))).isTrue();
            assertThat(Now.value(mirror.holds(second))).isFalse();
            Now.value(mirror.fetch());
            assertThat(Now.value(mirror.holds(first))).isTrue();
            assertThat(Now.value(mirror.holds(second))).isTrue();
        }
    }

    @Test
    default void changes_of_a_commit_that_is_not_here_say_so(@TempDir Path directory) {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"));
                GitMirror mirror = mirror(upstream.remote())) {
            CommitId here = upstream.commit("a=1");
            Now.value(mirror.fetch());
            CommitId elsewhere = upstream.commit("a=2");

            StepVerifier.create(mirror.changes(Optional.of(here), elsewhere))
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(GitException.Corrupt.class)
                            .hasMessageContaining("commit " + elsewhere + " is not in the store"))
                    .verify(Now.DEADLINE);
            assertThat(changes(mirror, Optional.empty(), here)).containsExactly("a=1");
        }
    }

    @Test
    default void contents_come_in_the_order_of_the_ids(@TempDir Path directory) {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"));
                GitMirror mirror = mirror(upstream.remote())) {
            CommitId tip = upstream.commitMany(1000);
            Now.value(mirror.fetch());
            List<BlobId> ids = Now.list(mirror.changes(Optional.empty(), tip)
                    .cast(TreeChange.Put.class)
                    .map(TreeChange.Put::blob));

            List<Blob> blobs = Now.list(mirror.read(Flux.fromIterable(ids)));

            assertThat(blobs).extracting(Blob::id).isEqualTo(ids);
            assertThat(blobs.stream().map(GitMirrorContract::text).collect(Collectors.toSet()))
                    .hasSize(1000)
                    .contains("0", "999");
        }
    }

    @Test
    default void a_second_fetch_waits_for_the_first(@TempDir Path directory) {
        try (Upstream upstream = new Upstream(directory.resolve("upstream"));
                GitServer server = GitServer.serving(upstream.path());
                GitMirror mirror = mirror(GitRemote.parse(server.url()))) {
            upstream.commit("a=1");

            List<Commit> both = Now.list(Flux.merge(mirror.fetch(), mirror.fetch()));

            assertThat(both).hasSize(2);
            assertThat(server.takeRequests())
                    .containsExactly(
                            GitServer.CAPABILITIES, GitServer.REFERENCES, GitServer.OBJECTS, GitServer.REFERENCES);
        }
    }

    /** The changes as {@code path=content} or {@code -path}. */
    private static List<String> changes(GitMirror mirror, Optional<CommitId> from, CommitId to) {
        return Now.list(mirror.changes(from, to)
                .concatMap(change -> change instanceof TreeChange.Put put
                        ? mirror.read(Flux.just(put.blob())).map(blob -> put.path() + "=" + text(blob))
                        : Flux.just("-" + change.path())));
    }

    private static String text(Blob blob) {
        return new String(blob.bytes(), StandardCharsets.UTF_8);
    }
}
