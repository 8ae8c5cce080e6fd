package io.github.mirrorservice.mirror.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The files of a demo as text, moved from merge to merge without Git. */
final class Tree {

    private final Map<String, String> files = new TreeMap<>();

    /** The tree after the first commit and so many merges. */
    static Tree after(History history, int merges) {
        Tree tree = new Tree();
        tree.apply(history.first());
        for (int number = 1; number <= merges; number++) {
            tree.apply(history.merge(number));
        }
        return tree;
    }

    void apply(Merge merge) {
        merge.changes().forEach((path, content) -> {
            if (content.isPresent()) {
                files.put(path, text(content.get()));
            } else {
                files.remove(path);
            }
        });
    }

    static String text(byte[] content) {
        return new String(content, UTF_8);
    }

    /** The content of the file at this path, if there is one. */
    Optional<String> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    Map<String, String> files() {
        return files;
    }

    Set<String> packageNames() {
        return files.keySet().stream()
                .filter(path -> path.endsWith("/opam"))
                .map(path -> path.split("/", 3)[1])
                .collect(Collectors.toSet());
    }
}
