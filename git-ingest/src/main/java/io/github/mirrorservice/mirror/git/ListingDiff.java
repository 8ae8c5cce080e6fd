package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.util.Optional;

/** The differences between two listings: what is right for trees with links, where a change shows in many places. */
final class ListingDiff implements TreeSource {

    private final TreeSource befores;
    private final TreeSource afters;
    private Optional<TreeChange> before;
    private Optional<TreeChange> after;

    ListingDiff(TreeSource befores, TreeSource afters) throws IOException {
        this.befores = befores;
        this.afters = afters;
        this.before = befores.next();
        this.after = afters.next();
    }

    @Override
    public Optional<TreeChange> next() throws IOException {
        while (before.isPresent() || after.isPresent()) {
            int order = order();
            Optional<TreeChange> change = order < 0 ? before.map(gone -> new TreeChange.Removed(gone.path())) : after;
            boolean same = order == 0 && before.equals(after);
            if (order <= 0) {
                before = befores.next();
            }
            if (order >= 0) {
                after = afters.next();
            }
            if (!same) {
                return change;
            }
        }
        return Optional.empty();
    }

    /** Negative if the earlier path is only before, positive if it is only after. */
    private int order() {
        if (before.isEmpty() || after.isEmpty()) {
            return before.isPresent() ? -1 : 1;
        }
        return PathRules.compare(before.get().path(), after.get().path());
    }
}
