package io.github.mirrorservice.mirror.demo;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The commits of a demo, by their number: any of them can be made without those before.
 *
 * <p>The tree goes {@value #SWING} steps forward and the same steps back, again and again. So it changes for ever and does
 * not grow, and the objects of one swing serve all others.
 */
final class History {

    static final int SWING = 500;

    private static final long FIRST_PULL_REQUEST = 1000;

    private final int packages;

    History(DemoSize size) {
        this.packages = size.packages();
    }

    /** The first commit: all files of the repository. */
    Merge first() {
        Map<String, Optional<byte[]>> files = new LinkedHashMap<>(Root.FILES);
        for (Shelf shelf : new Catalogue(packages).shelves()) {
            put(files, shelf.files());
        }
        return new Merge("Import " + packages + " packages", files);
    }

    /** The merge with this number, counted from 1. */
    Merge merge(long number) {
        int phase = (int) ((number - 1) % (2 * SWING));
        boolean forward = phase < SWING;
        Step step = step(forward ? phase + 1 : 2 * SWING - phase);
        return forward
                ? merge(number, step.subject(), step, step.filesBefore(), step.filesAfter())
                : merge(number, "revert-" + step.subject(), step, step.filesAfter(), step.filesBefore());
    }

    private Step step(int number) {
        Catalogue catalogue = new Catalogue(packages);
        for (int i = 1; i < number; i++) {
            catalogue.go(catalogue.step(i));
        }
        return catalogue.step(number);
    }

    private static Merge merge(
            long number, String subject, Step step, Map<String, byte[]> before, Map<String, byte[]> after) {
        String message = "Merge pull request #%d from %s/%s-%s"
                .formatted(
                        FIRST_PULL_REQUEST + number,
                        new Origin(step.project()).owner().login(),
                        subject,
                        step.project().stem());
        return new Merge(message, difference(before, after));
    }

    private static Map<String, Optional<byte[]>> difference(Map<String, byte[]> before, Map<String, byte[]> after) {
        Map<String, Optional<byte[]>> changes = new LinkedHashMap<>();
        before.keySet().forEach(path -> changes.put(path, Optional.empty()));
        put(changes, after);
        before.forEach((path, content) -> {
            if (Arrays.equals(content, after.get(path))) {
                changes.remove(path);
            }
        });
        return changes;
    }

    private static void put(Map<String, Optional<byte[]>> changes, Map<String, byte[]> files) {
        files.forEach((path, content) -> changes.put(path, Optional.of(content)));
    }
}
