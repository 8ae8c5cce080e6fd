package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** The differences between two trees without symbolic links: folders that are the same are not entered. */
final class TreeDiff implements TreeSource {

    private static final int BEFORE = 0;
    private static final int AFTER = 1;

    private final TreeWalk walk;
    private final PathRules rules;

    TreeDiff(ObjectReader reader, ObjectId before, ObjectId after, GitLimits.Tree limits) throws IOException {
        this.rules = new PathRules(limits);
        this.walk = new TreeWalk(reader);
        walk.addTree(before);
        walk.addTree(after);
        walk.setFilter(TreeFilter.ANY_DIFF);
    }

    /** Whether a symbolic link is among the differences of two trees. */
    static boolean touchesLinks(ObjectReader reader, ObjectId before, ObjectId after, GitLimits.Tree limits)
            throws IOException {
        TreeDiff diff = new TreeDiff(reader, before, after, limits);
        while (diff.advance()) {
            if (diff.is(FileMode.SYMLINK, BEFORE) || diff.is(FileMode.SYMLINK, AFTER)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Optional<TreeChange> next() throws IOException {
        while (advance()) {
            Optional<TreeChange> change = change();
            if (change.isPresent()) {
                return change;
            }
        }
        return Optional.empty();
    }

    /** Goes to the next entry that is no folder. */
    private boolean advance() throws IOException {
        while (walk.next()) {
            rules.count();
            String path = path();
            rules.requireDepth(walk.getDepth() + 1, path);
            rules.requireLength(path);
            if (!walk.isSubtree()) {
                return true;
            }
            walk.enterSubtree();
        }
        return false;
    }

    private Optional<TreeChange> change() {
        boolean before = is(FileMode.REGULAR_FILE, BEFORE);
        boolean after = is(FileMode.REGULAR_FILE, AFTER);
        if (after && !(before && walk.idEqual(BEFORE, AFTER))) {
            return Optional.of(new TreeChange.Put(
                    path(), new BlobId(walk.getObjectId(AFTER).name())));
        }
        return before && !after ? Optional.of(new TreeChange.Removed(path())) : Optional.empty();
    }

    private String path() {
        byte[] path = walk.getRawPath();
        return PathRules.text(path, 0, path.length);
    }

    /** Compares the bits of the type alone: an executable file is a regular one. */
    private boolean is(FileMode mode, int side) {
        return (walk.getRawMode(side) & FileMode.TYPE_MASK) == (mode.getBits() & FileMode.TYPE_MASK);
    }
}
