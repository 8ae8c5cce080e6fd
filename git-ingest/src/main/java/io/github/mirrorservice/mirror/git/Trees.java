package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * Chooses how two trees are compared. Without symbolic links, folders that are the same are skipped; with them, a file
 * shows at many paths, and only two whole listings tell.
 */
final class Trees {

    private final GitLimits.Tree limits;

    /** A tree that is known to hold no links: with it, the next one costs a look at the differences only. */
    private volatile Optional<ObjectId> linkFree = Optional.empty();

    Trees(GitLimits.Tree limits) {
        this.limits = limits;
    }

    TreeSource changes(PackRepository repository, ObjectReader reader, Optional<CommitId> from, CommitId to)
            throws IOException {
        ObjectId after = repository.tree(to);
        if (from.isEmpty()) {
            return noting(new Listing(reader, after, limits), after);
        }
        ObjectId before = repository.tree(from.get());
        return areLinkFree(reader, before, after)
                ? new TreeDiff(reader, before, after, limits)
                : new ListingDiff(new Listing(reader, before, limits), new Listing(reader, after, limits));
    }

    /** The same listing, which leaves behind what it saw of links. */
    private TreeSource noting(Listing listing, ObjectId root) {
        return () -> {
            Optional<TreeChange> file = listing.next();
            if (file.isEmpty() && !listing.sawLinks()) {
                linkFree = Optional.of(root);
            }
            return file;
        };
    }

    private boolean areLinkFree(ObjectReader reader, ObjectId before, ObjectId after) throws IOException {
        boolean known = linkFree.equals(Optional.of(before));
        if (!known && Listing.hasLinks(reader, before, limits)) {
            return false;
        }
        if (TreeDiff.touchesLinks(reader, before, after, limits)) {
            return false;
        }
        linkFree = Optional.of(after);
        return true;
    }
}
