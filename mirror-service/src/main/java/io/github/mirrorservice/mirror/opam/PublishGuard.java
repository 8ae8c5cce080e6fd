package io.github.mirrorservice.mirror.opam;

import java.util.Optional;

/**
 * Holds back what would take packages away from every client by mistake: opam accepts an empty index in silence and forgets
 * all packages.
 *
 * @param largestLoss the largest share of packages or package versions, from 0 to 1, that may vanish in one publication
 */
public record PublishGuard(double largestLoss) {

    /** Refuses a share below 0 or above 1. */
    public PublishGuard {
        if (!(largestLoss >= 0 && largestLoss <= 1)) {
            throw new IllegalArgumentException("the largest loss is a share from 0 to 1, not " + largestLoss);
        }
    }

    /** Fails with {@link OpamException.Held} if the tree after the edit is not to be published. */
    void check(TreeEdit edit, Snapshot.Counts next, Optional<Snapshot> served) {
        if (next.opamFiles() == 0) {
            throw edit.wrapper().map(PublishGuard::wrapped).orElseGet(PublishGuard::empty);
        }
        served.ifPresent(snapshot -> {
            checkLoss("packages", snapshot.counts().packages(), next.packages());
            checkLoss("package versions", snapshot.counts().opamFiles(), next.opamFiles());
        });
    }

    private void checkLoss(String what, int before, int after) {
        if (before - after > before * largestLoss) {
            throw new OpamException.Held(
                    "loss",
                    "%d of %d %s would vanish, more than the largest loss of %.0f %%; if this is meant, raise --max-loss"
                            .formatted(before - after, before, what, largestLoss * 100));
        }
    }

    private static OpamException.Held wrapped(String folder) {
        return new OpamException.Held(
                "wrapped",
                "the tree has no packages/ at its root, but one in %s/: move the content of %s/ up to the root"
                        .formatted(folder, folder));
    }

    private static OpamException.Held empty() {
        return new OpamException.Held(
                "empty",
                "the tree has no packages/NAME/NAME.VERSION/opam: check that the remote and its branch are an opam repository");
    }
}
