package io.github.mirrorservice.mirror.demo;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Packages that are developed in one place and released together.
 *
 * @param number tells it from all others
 * @param stem what the names of its packages have in common
 * @param topic what they are about
 * @param buildSystem how they are built
 * @param packages their names, the core package first; never empty
 */
record Project(int number, String stem, Topic topic, BuildSystem buildSystem, List<String> packages) {

    private static final List<String> COMPANIONS =
            List.of("lwt", "unix", "eio", "async", "cli", "syntax", "bench", "js", "mirage", "top", "sexp", "tests");

    /** About 4.5 releases on average, as in the public repository. */
    private static final int RELEASES_SCALE = 8;

    /** The longest that the public repository has. */
    private static final int MOST_RELEASES = 94;

    /** Keeps its own list. */
    Project {
        packages = List.copyOf(packages);
    }

    static Project of(int number) {
        Dice dice = Dice.of("project", number);
        BuildSystem system = BuildSystem.of(dice);
        String stem = Names.unique(number);
        Topic topic = Topic.of(dice);
        String core = core(dice, system, stem, topic);
        List<String> packages =
                Stream.concat(Stream.of(core), companions(dice, system, core)).toList();
        return new Project(number, stem, topic, system, packages);
    }

    private static String core(Dice dice, BuildSystem system, String stem, Topic topic) {
        if (system == BuildSystem.CONF) {
            return "conf-" + stem;
        }
        int form = dice.below(100);
        if (form < 8) {
            return "ppx_" + stem;
        }
        return form < 35 ? stem + "-" + topic.word() : stem;
    }

    private static Stream<String> companions(Dice dice, BuildSystem system, String core) {
        if (system == BuildSystem.CONF || dice.chance(74)) {
            return Stream.of();
        }
        int count = Math.min(COMPANIONS.size(), 1 + dice.longTail(3));
        int first = dice.below(COMPANIONS.size());
        return IntStream.range(first, first + count).mapToObj(i -> core + "-" + COMPANIONS.get(i % COMPANIONS.size()));
    }

    /** The same project without the packages from this one on. */
    Project withAtMost(int count) {
        return new Project(number, stem, topic, buildSystem, packages.subList(0, Math.min(count, packages.size())));
    }

    /** Whether there is something to build. */
    boolean hasSource() {
        return buildSystem != BuildSystem.CONF;
    }

    /** The name of the package that others depend on. */
    String core() {
        return packages.get(0);
    }

    /** How many releases it has in the first commit. */
    int firstReleases() {
        return Math.min(MOST_RELEASES, 1 + Dice.of("releases", number).longTail(RELEASES_SCALE));
    }

    /** The version of a release, counted from 0. */
    String version(int release) {
        return new Versions(number).of(release);
    }

    /** The dice for a property that all its releases share. */
    Dice dice(String purpose) {
        return Dice.of(purpose, number);
    }
}
