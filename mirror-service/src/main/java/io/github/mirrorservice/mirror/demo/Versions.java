package io.github.mirrorservice.mirror.demo;

/** The versions of a project: each release is newer than the one before. */
final class Versions {

    /** One project in eight writes {@code v1.2.3}, one writes {@code 1.2}, the others write {@code 1.2.3}. */
    private static final int FORMS = 8;

    private static final int WITH_LETTER = 6;
    private static final int TWO_NUMBERS = 7;

    private final int project;

    Versions(int project) {
        this.project = project;
    }

    /** The version of a release, counted from 0. */
    String of(int release) {
        Dice dice = Dice.of("versions", project);
        int form = dice.below(FORMS);
        int major = dice.chance(60) ? 0 : 1;
        int minor = 1 + dice.below(4);
        int patch = 0;
        for (int i = 0; i < release; i++) {
            int part = dice.below(100);
            if (part < 5) {
                major++;
                minor = 0;
                patch = 0;
            } else if (part < 45 || form == TWO_NUMBERS) {
                minor++;
                patch = 0;
            } else {
                patch++;
            }
        }
        String start = major + "." + minor;
        return switch (form) {
            case WITH_LETTER -> "v" + start + "." + patch;
            case TWO_NUMBERS -> start;
            default -> start + "." + patch;
        };
    }
}
