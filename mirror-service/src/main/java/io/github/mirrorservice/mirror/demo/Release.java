package io.github.mirrorservice.mirror.demo;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A project at one version.
 *
 * @param project what is released
 * @param number counts the project's releases from 0
 * @param revision how often its metadata was changed since
 */
record Release(Project project, int number, int revision) {

    String version() {
        return project.version(number);
    }

    /** The files of all its packages, by path. */
    Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        Optional<Patch> patch = Patch.of(this);
        String version = version();
        for (String name : project.packages()) {
            String directory = "packages/" + name + "/" + name + "." + version + "/";
            files.put(directory + "opam", utf8(OpamFileText.of(this, name)));
            patch.ifPresent(file -> files.put(directory + "files/" + file.name(), utf8(file.content())));
        }
        return files;
    }

    /** The dice for a property of this release alone. */
    Dice dice(String purpose) {
        return Dice.of(purpose, project.number(), number);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
