package io.github.mirrorservice.mirror.demo;

import java.util.Map;
import java.util.Optional;

/**
 * A change to one project, which can be gone either way.
 *
 * @param subject one word for the kind of change
 * @param before what was there of the project; nothing for a new project
 * @param after what is there then
 */
record Step(String subject, Optional<Shelf> before, Shelf after) {

    Project project() {
        return after.project();
    }

    Map<String, byte[]> filesBefore() {
        return before.map(Shelf::files).orElse(Map.of());
    }

    Map<String, byte[]> filesAfter() {
        return after.files();
    }
}
