package io.github.mirrorservice.mirror.demo;

import java.util.List;

/** The versions of a project: each release is newer than the one before. */
final class Versions {

    private static final List<String> FORMS =
            List.of("%d.%d.%d", "%d.%d.%d", "%d.%d.%d", "%d.%d.%d", "%d.%d.%d", "%d.%d.%d", "v%d.%d.%d", "%d.%d");

    private final int project;

    Versions(int project) {
        this.project = project;
    }

    /** The version of a release, counted from 0. */
    String of(int release) {
        Dice dice = Dice.of("versions", project);
        String form = dice.pick(FORMS);
        boolean twoNumbers = form.equals("%d.%d");
        int major = dice.chance(60) ? 0 : 1;
        int minor = 1 + dice.below(4);
        int patch = 0;
        for (int i = 0; i < release; i++) {
            int part = dice.below(100);
            if (part < 5) {
                major++;
                minor = 0;
                patch = 0;
            } else if (part < 45 || twoNumbers) {
                minor++;
                patch = 0;
            } else {
                patch++;
            }
        }
        return form.formatted(major, minor, patch);
    }
}
