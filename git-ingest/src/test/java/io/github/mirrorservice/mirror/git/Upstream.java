package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** A repository that is the remote of a test; its commits are a minute apart. */
final class Upstream implements AutoCloseable {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Path path;
    private final GitAuthor author;
    private int commits;

    Upstream(Path path) {
        this.path = path;
        this.author = GitAuthor.at(path);
    }

    Path path() {
        return path;
    }

    GitRemote remote() {
        return GitRemote.parse(path.toString());
    }

    /** Opens it as a server does; the caller closes it. */
    Repository repository() {
        try {
            return new FileRepositoryBuilder()
                    .setGitDir(path.toFile())
                    .setBare()
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits changes: {@code path=content}, or {@code -path} for one that goes away. */
    CommitId commit(String... changes) {
        return author.commit(changes(changes), "commit " + commits, tick());
    }

    /** A commit without a parent, to which the branch moves: what a force-push of a new history looks like. */
    CommitId startOver(String... changes) {
        return author.startOver(changes(changes), "commit " + commits, tick());
    }

    /** Commits entries of any kind. */
    CommitId commit(TreeEdit... edits) {
        return author.commit(List.of(edits), author.head(), "commit " + commits, tick());
    }

    /** Commits many small files at once. */
    CommitId commitMany(int count) {
        List<String> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            files.add("many/" + i % 100 + "/" + i + "=" + i);
        }
        return commit(files.toArray(String[]::new));
    }

    void reset(CommitId commit) {
        author.reset(commit);
    }

    @Override
    public void close() {
        author.close();
    }

    private Instant tick() {
        return START.plusSeconds(60L * commits++);
    }

    private static Map<String, Optional<byte[]>> changes(String... changes) {
        Map<String, Optional<byte[]>> byPath = new LinkedHashMap<>();
        for (String change : changes) {
            if (change.startsWith("-")) {
                byPath.put(change.substring(1), Optional.empty());
            } else {
                int equals = change.indexOf('=');
                byPath.put(
                        change.substring(0, equals),
                        Optional.of(change.substring(equals + 1).getBytes(StandardCharsets.UTF_8)));
            }
        }
        return byPath;
    }
}
