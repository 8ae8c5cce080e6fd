package io.github.mirrorservice.mirror.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What a package of a release depends on: older projects, and the popular ones more often than the others. */
final class Dependencies {

    private static final int OTHERS_SCALE = 9;
    private static final int MOST_OTHERS = 40;

    /** Lower bounds move up by one release of the other project in so many releases of this one. */
    private static final int RELEASES_PER_BOUND = 4;

    private static final int PERCENT_WITH_OPTIONS = 10;
    private static final int MOST_OPTIONS = 2;

    private final Release release;
    private final Project project;
    private final String packageName;
    private final Dice dice;

    Dependencies(Release release, String packageName) {
        this.release = release;
        this.project = release.project();
        this.packageName = packageName;
        this.dice = Dice.of("depends", project.number(), project.packages().indexOf(packageName));
    }

    void write(OpamText text) {
        List<Project> others = others();
        int optional = dice.chance(PERCENT_WITH_OPTIONS) ? Math.min(MOST_OPTIONS, others.size() / 2) : 0;
        List<Project> options = others.subList(others.size() - optional, others.size());
        text.list("depends", depends(others.subList(0, others.size() - optional)));
        text.list(
                "depopts",
                options.stream().map(other -> OpamText.quoted(other.core())).toList());
        text.list("conflicts", options.stream().map(this::conflict).toList());
    }

    private List<String> depends(List<Project> others) {
        List<String> lines = new ArrayList<>(project.buildSystem().tools(dice.below(18)));
        if (project.hasSource()) {
            lines.add(compiler());
        }
        if (!packageName.equals(project.core())) {
            lines.add(OpamText.quoted(project.core()) + " {= version}");
        }
        others.forEach(other -> lines.add(dependency(other)));
        if (project.buildSystem() == BuildSystem.DUNE) {
            lines.add("\"odoc\" {with-doc}");
        }
        return lines;
    }

    private String compiler() {
        String lowest = "\"ocaml\" {>= \"4.%02d.0\"".formatted(3 + dice.below(12));
        // What a repository's keepers change most often: which compilers an old release still works with.
        return lowest + (release.revision() == 0 ? "}" : " & < \"5.%d\"}".formatted(release.revision()));
    }

    private List<Project> others() {
        int known = project.number();
        int count = !project.hasSource() ? 0 : 1 + dice.longTail(OTHERS_SCALE);
        return IntStream.range(0, known == 0 ? 0 : Math.min(count, MOST_OTHERS))
                .map(i -> dice.lowBelow(known))
                .distinct()
                .mapToObj(Project::of)
                .toList();
    }

    private String dependency(Project other) {
        int form = dice.below(100);
        String name = OpamText.quoted(other.core());
        if (form < 40) {
            return name;
        }
        String atLeast = ">= " + OpamText.quoted(lowerBound(other));
        if (form < 70) {
            return name + " {" + atLeast + "}";
        }
        if (form < 85) {
            return name + " {" + atLeast + " & < " + OpamText.quoted(upperBound(other)) + "}";
        }
        return name + (form < 92 ? " {with-test}" : " {with-test & " + atLeast + "}");
    }

    private String conflict(Project other) {
        return OpamText.quoted(other.core()) + " {< " + OpamText.quoted(lowerBound(other)) + "}";
    }

    private String lowerBound(Project other) {
        int rising = dice.below(3) + release.number() / RELEASES_PER_BOUND;
        return other.version(Math.min(rising, other.firstReleases() - 1));
    }

    private String upperBound(Project other) {
        return other.version(other.firstReleases() + dice.below(3));
    }
}
