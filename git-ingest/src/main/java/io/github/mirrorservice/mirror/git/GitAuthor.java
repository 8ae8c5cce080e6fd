package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.internal.storage.file.PackInserter;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.RepositoryCache.FileKey;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;

/**
 * Writes commits into a bare repository on disk: a remote made by ourselves, for a demonstration or a test.
 *
 * <p>Everything depends on the arguments alone, so that the same calls give the same commits. All methods block.
 */
public final class GitAuthor implements AutoCloseable {

    private static final String BRANCH = "main";

    /** From so many changes on, one pack is written in place of a file for each object. */
    private static final int PACK_FROM = 100;

    private final FileRepository repository;

    private GitAuthor(FileRepository repository) {
        this.repository = repository;
    }

    /** Opens the bare repository in this directory, or makes it; its branch is {@code main}. */
    public static GitAuthor at(Path directory) {
        IsolatedSystem.enter();
        try {
            FileRepository repository = (FileRepository) new FileRepositoryBuilder()
                    .setGitDir(directory.toFile())
                    .setBare()
                    .build();
            if (!FileKey.isGitRepository(directory.toFile(), FS.DETECTED)) {
                repository.create(true);
                repository.updateRef(Constants.HEAD).link(Constants.R_HEADS + BRANCH);
            }
            return new GitAuthor(repository);
        } catch (IOException e) {
            throw new UncheckedIOException("no Git repository can be made in " + directory, e);
        }
    }

    /**
     * Commits on top of the branch and moves it.
     *
     * @param changes by path: the new content, or nothing for a file that goes away
     * @param message the commit's message
     * @param time of the author and the committer, to the second, in UTC
     */
    public CommitId commit(Map<String, Optional<byte[]>> changes, String message, Instant time) {
        return commit(edits(changes), head(), message, time);
    }

    /** Commits without a parent and moves the branch there: what a force-push of a new history looks like. */
    public CommitId startOver(Map<String, Optional<byte[]>> changes, String message, Instant time) {
        return commit(edits(changes), Optional.empty(), message, time);
    }

    /** Moves the branch to this commit, forward or back. */
    public void reset(CommitId commit) {
        try {
            moveTo(ObjectId.fromString(commit.hex()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        repository.close();
    }

    CommitId commit(List<TreeEdit> edits, Optional<CommitId> parent, String message, Instant time) {
        try (ObjectInserter inserter = inserter(edits.size());
                ObjectReader reader = repository.newObjectReader()) {
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(new TreeWriter(reader, inserter).apply(edits, tree(reader, parent)));
            parent.ifPresent(id -> commit.setParentId(ObjectId.fromString(id.hex())));
            PersonIdent author = new PersonIdent("mirror-service", "demo@localhost", time, ZoneOffset.UTC);
            commit.setAuthor(author);
            commit.setCommitter(author);
            commit.setMessage(message);
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            moveTo(id);
            return new CommitId(id.name());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<CommitId> head() {
        try {
            return Optional.ofNullable(repository.resolve(Constants.HEAD)).map(id -> new CommitId(id.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<TreeEdit> edits(Map<String, Optional<byte[]>> changes) {
        return changes.entrySet().stream()
                .map(change -> TreeEdit.file(change.getKey(), change.getValue()))
                .toList();
    }

    private ObjectInserter inserter(int changes) {
        if (changes < PACK_FROM) {
            return repository.newObjectInserter();
        }
        PackInserter inserter = repository.getObjectDatabase().newPackInserter();
        inserter.checkExisting(false);
        inserter.setCompressionLevel(Deflater.BEST_SPEED);
        return inserter;
    }

    private static Optional<ObjectId> tree(ObjectReader reader, Optional<CommitId> commit) throws IOException {
        if (commit.isEmpty()) {
            return Optional.empty();
        }
        try (RevWalk walk = new RevWalk(reader)) {
            return Optional.of(
                    walk.parseCommit(ObjectId.fromString(commit.get().hex())).getTree());
        }
    }

    private void moveTo(ObjectId commit) throws IOException {
        RefUpdate update = repository.updateRef(Constants.R_HEADS + BRANCH);
        update.setNewObjectId(commit);
        update.setForceUpdate(true);
        RefUpdate.Result result = update.update();
        if (result == RefUpdate.Result.LOCK_FAILURE || result == RefUpdate.Result.IO_FAILURE) {
            throw new IOException("the branch could not be moved to " + commit.name() + ": " + result);
        }
    }
}
