package io.github.mirrorservice.mirror.demo;

import io.github.mirrorservice.mirror.git.CommitId;
import io.github.mirrorservice.mirror.git.GitAuthor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes a demo into its directory. Everything blocks. */
final class Writer {

    private static final Instant FIRST_COMMIT = Instant.parse("2026-01-01T00:00:00Z");

    private final Path directory;
    private final DemoSize size;
    private final History history;

    Writer(Path directory, DemoSize size) {
        this.directory = directory;
        this.size = size;
        this.history = new History(size);
    }

    /** How far the demo of this size has come; nothing if there is none. */
    Optional<Progress> progress() throws IOException {
        return Progress.in(directory).filter(progress -> progress.packages() == size.packages());
    }

    /** Makes the repository with its first commit, in place of whatever is there. */
    CommitId startOver() throws IOException {
        deleteAll();
        Files.createDirectories(directory);
        try (GitAuthor author = GitAuthor.at(directory)) {
            Merge first = history.first();
            CommitId commit = author.startOver(first.changes(), first.message(), FIRST_COMMIT);
            new Progress(size.packages(), 0, commit).writeTo(directory);
            return commit;
        }
    }

    /** Makes the next merge. */
    CommitId merge(Instant now) throws IOException {
        Progress progress = progress().orElseThrow(() -> new IOException("no demo to continue in " + directory));
        Merge merge = history.merge(progress.merges() + 1);
        try (GitAuthor author = GitAuthor.at(directory)) {
            // A process that was killed between the commit and the note of it left a commit too many.
            author.reset(progress.head());
            CommitId commit = author.commit(merge.changes(), merge.message(), now);
            progress.next(commit).writeTo(directory);
            return commit;
        }
    }

    private void deleteAll() throws IOException {
        if (Files.notExists(directory)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(directory)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
