package io.github.mirrorservice.mirror.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All projects at one moment; where a project stands in it is the project's number. */
final class Catalogue {

    private static final int PERCENT_INTRODUCED = 8;
    private static final int PERCENT_REMOVED = 20;
    private static final int PERCENT_REVISED = 25;

    private final List<Shelf> shelves = new ArrayList<>();

    /** The projects of the first commit, which have so many packages together. */
    Catalogue(int packages) {
        int missing = packages;
        while (missing > 0) {
            Project project = Project.of(shelves.size()).withAtMost(missing);
            shelves.add(Shelf.first(project));
            missing -= project.packages().size();
        }
    }

    List<Shelf> shelves() {
        return shelves;
    }

    /** The step that follows here; the number alone does not tell it. */
    Step step(int number) {
        Dice dice = Dice.of("step", number);
        int kind = dice.below(100);
        return kind < PERCENT_INTRODUCED ? introduction() : change(dice.pick(shelves), kind - PERCENT_INTRODUCED, dice);
    }

    private Step introduction() {
        return new Step("introduce", Optional.empty(), Shelf.introducing(Project.of(shelves.size())));
    }

    private static Step change(Shelf shelf, int kind, Dice dice) {
        if (kind < PERCENT_REMOVED && shelf.revisions().size() > 1) {
            return new Step("archive", Optional.of(shelf), shelf.withoutOldest());
        }
        if (kind < PERCENT_REMOVED + PERCENT_REVISED && shelf.project().hasSource()) {
            return new Step("bounds", Optional.of(shelf), shelf.revised(dice.pick(shelf.releases())));
        }
        return new Step("release", Optional.of(shelf), shelf.released());
    }

    /** Goes the step that {@link #step} gave. */
    void go(Step step) {
        int number = step.project().number();
        if (step.before().isPresent()) {
            shelves.set(number, step.after());
        } else {
            shelves.add(number, step.after());
        }
    }
}
