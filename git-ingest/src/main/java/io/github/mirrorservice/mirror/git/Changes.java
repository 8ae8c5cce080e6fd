package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import reactor.core.publisher.SynchronousSink;

/** A walk over two trees that emits their differences. */
final class Changes {

    private static final int BEFORE = 0;
    private static final int AFTER = 1;

    private final ObjectReader reader;
    private final TreeWalk walk;

    private Changes(ObjectReader reader, TreeWalk walk) {
        this.reader = reader;
        this.walk = walk;
    }

    static Changes between(PackRepository repository, Optional<CommitId> from, CommitId to, GitLimits.Tree limits)
            throws IOException {
        ObjectReader reader = repository.newObjectReader();
        TreeWalk walk = new TreeWalk(reader);
        if (from.isPresent()) {
            walk.addTree(repository.tree(from.get()));
        } else {
            walk.addTree(new EmptyTreeIterator());
        }
        walk.addTree(repository.tree(to));
        walk.setRecursive(true);
        walk.setFilter(TreeFilter.ANY_DIFF);
        return new Changes(reader, walk);
    }

    Changes emit(SynchronousSink<TreeChange> sink) {
        try {
            while (walk.next()) {
                Optional<TreeChange> change = change();
                if (change.isPresent()) {
                    sink.next(change.get());
                    return this;
                }
            }
            sink.complete();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<TreeChange> change() {
        boolean after = isFile(AFTER);
        boolean before = isFile(BEFORE);
        AnyObjectId blob = walk.getObjectId(AFTER);
        if (after && !(before && blob.equals(walk.getObjectId(BEFORE)))) {
            return Optional.of(new TreeChange.Put(walk.getPathString(), new BlobId(blob.name())));
        }
        return before && !after ? Optional.of(new TreeChange.Removed(walk.getPathString())) : Optional.empty();
    }

    private boolean isFile(int side) {
        return FileMode.REGULAR_FILE.equals(walk.getRawMode(side))
                || FileMode.EXECUTABLE_FILE.equals(walk.getRawMode(side));
    }

    void close() {
        walk.close();
        reader.close();
    }
}
