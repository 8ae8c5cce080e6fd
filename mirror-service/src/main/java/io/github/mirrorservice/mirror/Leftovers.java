package io.github.mirrorservice.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What a killed process leaves in a data directory: files that it had begun and not finished. */
final class Leftovers {

    /** Where a snapshot is while it is imported. */
    static final String IMPORT = "import";

    private static final String SNAPSHOT = "snapshot.tmp";

    private Leftovers() {}

    /** Deletes those that nobody else would; to be called where no other process uses the directory. */
    static void sweep(Path data) throws IOException {
        Files.deleteIfExists(data.resolve(SNAPSHOT));
        for (Path part : children(data.resolve(IMPORT))) {
            Files.delete(part);
        }
        Files.deleteIfExists(data.resolve(IMPORT));
    }

    /** Those that nobody has touched since then, by their path. */
    static List<Path> before(Instant then, Path data) throws IOException {
        return Stream.of(
                        existing(data.resolve(SNAPSHOT)),
                        existing(data.resolve(IMPORT)),
                        children(data.resolve("incoming")),
                        unfinished(data.resolve("git")))
                .flatMap(List::stream)
                .filter(file -> lastTouched(file).isBefore(then))
                .toList();
    }

    /** A pack counts when its index is there too. */
    private static List<Path> unfinished(Path git) throws IOException {
        List<Path> files = children(git);
        return files.stream().filter(file -> isUnfinished(file, files)).toList();
    }

    private static boolean isUnfinished(Path file, List<Path> all) {
        String name = file.getFileName().toString();
        String pack = name.replaceFirst("[.](pack|idx)$", "");
        boolean alone =
                !all.contains(file.resolveSibling(pack + ".pack")) || !all.contains(file.resolveSibling(pack + ".idx"));
        return name.endsWith(".new") || (name.startsWith("pack-") && alone);
    }

    private static List<Path> existing(Path file) {
        return Files.exists(file) ? List.of(file) : List.of();
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    /** Now, for what is gone by now. */
    private static Instant lastTouched(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException goneMeanwhile) {
            return Instant.now();
        }
    }
}
