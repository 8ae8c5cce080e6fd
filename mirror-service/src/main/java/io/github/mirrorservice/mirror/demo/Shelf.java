package io.github.mirrorservice.mirror.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What is there of a project at one moment.
 *
 * @param project the project
 * @param revisions by the number of a release, how often its metadata was changed; never empty
 */
record Shelf(Project project, NavigableMap<Integer, Integer> revisions) {

    /** The shelf of a project in the first commit. */
    static Shelf first(Project project) {
        NavigableMap<Integer, Integer> revisions = new TreeMap<>();
        for (int release = 0; release < project.firstReleases(); release++) {
            revisions.put(release, 0);
        }
        return new Shelf(project, revisions);
    }

    /** The shelf of a new project: one release. */
    static Shelf introducing(Project project) {
        return new Shelf(project, new TreeMap<>(Map.of(0, 0)));
    }

    /** The numbers of the releases, the oldest first. */
    List<Integer> releases() {
        return List.copyOf(revisions.keySet());
    }

    /** With one release more. */
    Shelf released() {
        return with(revisions.lastKey() + 1, 0);
    }

    /** With the metadata of a release changed. */
    Shelf revised(int release) {
        return with(release, revisions.getOrDefault(release, 0) + 1);
    }

    /** Without its oldest release. */
    Shelf withoutOldest() {
        return new Shelf(project, new TreeMap<>(revisions.tailMap(revisions.firstKey(), false)));
    }

    /** All its files, by path. */
    Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        revisions.forEach((release, revision) -> files.putAll(new Release(project, release, revision).files()));
        return files;
    }

    private Shelf with(int release, int revision) {
        NavigableMap<Integer, Integer> changed = new TreeMap<>(revisions);
        changed.put(release, revision);
        return new Shelf(project, changed);
    }
}
