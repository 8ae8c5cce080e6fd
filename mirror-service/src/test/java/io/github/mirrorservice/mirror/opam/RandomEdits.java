package io.github.mirrorservice.mirror.opam;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes a tree at random, the same way for each seed. */
final class RandomEdits {

    /** So few that most are named by several opam files at a time, and that some come and go. */
    private static final int ARCHIVES = 400;

    private final FakeTree tree;
    private final Random random;

    RandomEdits(FakeTree tree, long seed) {
        this.tree = tree;
        this.random = new Random(seed);
    }

    /** Puts that many package versions; some may be the same. */
    RandomEdits fill(int versions) {
        for (int i = 0; i < versions; i++) {
            tree.put(randomPath(), randomOpamFile());
        }
        return this;
    }

    /** Adds, replaces and removes a few files. */
    void edit() {
        for (int i = random.nextInt(6); i >= 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> tree.put(randomPath(), randomOpamFile());
                case 1 -> tree.put("packages/x/x.1/files/f" + random.nextInt(4), randomText());
                case 2 -> tree.put(randomFile(), randomOpamFile());
                case 3 -> removePackage(randomFile());
                default -> tree.remove(randomFile());
            }
        }
    }

    /** Removes all versions of a package. */
    private void removePackage(String file) {
        String folder = file.substring(0, file.indexOf('/', "packages/".length()) + 1);
        tree.files().keySet().stream().filter(path -> path.startsWith(folder)).forEach(tree::remove);
    }

    /** Any but the last two, {@code repo} and {@code version}. */
    private String randomFile() {
        List<String> paths = new ArrayList<>(tree.files().keySet());
        return paths.get(random.nextInt(paths.size() - 2));
    }

    private String randomPath() {
        String name = (char) ('a' + random.nextInt(26)) + Integer.toString(random.nextInt(30));
        return "packages/" + name + "/" + name + "." + random.nextInt(20) + "/opam";
    }

    /** Names up to three archives, one of them perhaps twice; every fifth is broken. */
    private String randomOpamFile() {
        String sources = random.ints(random.nextInt(4), 0, ARCHIVES)
                .mapToObj(this::source)
                .collect(joining());
        return FakeTree.opamFile(randomText()) + sources + (random.nextInt(5) == 0 ? "broken {" : "");
    }

    /** Every eighth without a checksum. */
    private String source(int archive) {
        String checksum = archive % 8 == 0 ? "" : " checksum: \"md5=%032x\"".formatted(archive);
        return "extra-source \"%d\" { src: \"https://example.org/a.tgz\"%s }\n".formatted(random.nextInt(), checksum);
    }

    private String randomText() {
        return random.ints(1 + random.nextInt(300), 'a', 'u')
                .mapToObj(Character::toString)
                .collect(joining());
    }
}
