package io.github.mirrorservice.mirror.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real repository, one commit at a time, as it came about. */
final class CorpusTest {

    private static final CommitId KNOWN = new CommitId("3d32b9610d3ebdece420dc5869a6115caee80916");
    private static final int STEPS = 15;

    @RegisterExtension
    private final BlockingLane lane = new BlockingLane();

    @TempDir
    private Path directory;

    private String corpus;
    private Path upstream;
    private List<CommitId> history;

    @BeforeEach
    void unbundle() throws Exception {
        corpus = System.getProperty("opam.corpus", "");
        assumeTrue(!corpus.isEmpty(), "not run: -Dopam.corpus=FILE names a bundle of opam-repository");
        upstream = directory.resolve("upstream.git");
        try (GitAuthor author = GitAuthor.at(upstream);
                Repository repository = repository();
                Transport bundle = Transport.open(repository, new URIish(corpus))) {
            assertThat(author.head()).isEmpty();
            bundle.fetch(NullProgressMonitor.INSTANCE, List.of(new RefSpec("+HEAD:refs/heads/all")));
            history = history(repository);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "disk"})
    void step_by_step_comes_to_the_same_as_directly(String kind) {
        // A bundle brings its whole history, so every step of it can be asked for.
        try (GitMirror mirror = mirror(kind, GitRemote.parse(corpus))) {
            Now.value(mirror.fetch());
            CommitId first = history.get(0);
            CommitId before = first;
            Map<String, BlobId> stepwise = replay(new TreeMap<>(), mirror, Optional.empty(), first);
            Map<String, BlobId> directly = new TreeMap<>(stepwise);
            for (CommitId next : history.subList(1, history.size())) {
                replay(stepwise, mirror, Optional.of(before), next);
                before = next;
            }
            assertThat(stepwise).isEqualTo(replay(new TreeMap<>(), mirror, Optional.empty(), before));
            assertThat(replay(directly, mirror, Optional.of(first), before)).isEqualTo(stepwise);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "disk"})
    void the_last_commits_are_fetched_one_by_one(String kind) {
        try (GitAuthor author = GitAuthor.at(upstream);
                GitServer server = GitServer.serving(upstream);
                GitMirror mirror = mirror(kind, GitRemote.parse(server.url()))) {
            Map<String, BlobId> stepwise = new TreeMap<>();
            Optional<CommitId> before = Optional.empty();
            for (CommitId next : history.subList(Math.max(0, history.size() - STEPS), history.size())) {
                author.reset(next);
                assertThat(Now.value(mirror.fetch()).id()).isEqualTo(next);
                replay(stepwise, mirror, before, next);
                before = Optional.of(next);
            }
            assertThat(stepwise).isEqualTo(replay(new TreeMap<>(), mirror, Optional.empty(), before.orElseThrow()));
        }
    }

    @Test
    void the_corpus_that_is_known_has_as_many_files_as_it_should() {
        CommitId tip = history.get(history.size() - 1);
        assumeTrue(tip.equals(KNOWN), "not run: another corpus than the one whose files were counted");
        try (GitMirror mirror = mirror("memory", GitRemote.parse(corpus))) {
            Now.value(mirror.fetch());
            assertThat(history).hasSize(201);
            assertThat(Now.list(mirror.changes(Optional.empty(), tip))).hasSize(18_660);
        }
    }

    private GitMirror mirror(String kind, GitRemote remote) {
        return kind.equals("disk")
                ? GitMirror.onDisk(directory.resolve("store"), remote, GitLimits.STANDARD, lane.scheduler())
                : GitMirror.inMemory(remote, GitLimits.STANDARD, lane.scheduler());
    }

    /** Applies the changes; every one must really be one. */
    private static Map<String, BlobId> replay(
            Map<String, BlobId> files, GitMirror mirror, Optional<CommitId> from, CommitId to) {
        for (TreeChange change : Now.list(mirror.changes(from, to))) {
            if (change instanceof TreeChange.Put put) {
                assertThat(put.blob()).isNotEqualTo(files.put(put.path(), put.blob()));
            } else {
                assertThat(files.remove(change.path())).isNotNull();
            }
        }
        return files;
    }

    private Repository repository() throws IOException {
        return new FileRepositoryBuilder().setGitDir(upstream.toFile()).build();
    }

    /** From the oldest commit to the newest, along the first parents. */
    private static List<CommitId> history(Repository repository) throws IOException {
        List<CommitId> commits = new ArrayList<>();
        try (RevWalk walk = new RevWalk(repository)) {
            walk.setFirstParent(true);
            walk.sort(RevSort.REVERSE);
            ObjectId tip = repository.resolve("refs/heads/all");
            walk.markStart(walk.parseCommit(tip));
            for (RevCommit commit : walk) {
                commits.add(new CommitId(commit.name()));
            }
        }
        return commits;
    }
}
