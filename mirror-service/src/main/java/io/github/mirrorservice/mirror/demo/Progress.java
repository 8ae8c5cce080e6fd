package io.github.mirrorservice.mirror.demo;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.github.mirrorservice.mirror.git.CommitId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a demo on disk has come. It lies in a file of the repository's directory, which Git overlooks.
 *
 * @param packages the packages of the first commit
 * @param merges the merges since
 * @param head the commit that the last of them made
 */
record Progress(int packages, long merges, CommitId head) {

    /** Grows with every change to what is generated: another edition's repository cannot be continued. */
    static final int EDITION = 1;

    private static final String FORM = "edition %s of the demo: %s packages, %s merges, at %s\n";
    private static final Pattern PATTERN =
            Pattern.compile(FORM.formatted(EDITION, "(\\d{1,9})", "(\\d{1,18})", "([0-9a-f]{40})"));
    private static final String FILE = "demo-progress";

    /** What the directory says; nothing if it says nothing that this edition understands. */
    static Optional<Progress> in(Path directory) throws IOException {
        try {
            return parse(Files.readString(directory.resolve(FILE)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    private static Optional<Progress> parse(String text) {
        Matcher matcher = PATTERN.matcher(text);
        return matcher.matches()
                ? Optional.of(new Progress(
                        Integer.parseInt(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        new CommitId(matcher.group(3))))
                : Optional.empty();
    }

    /** The progress after one merge more. */
    Progress next(CommitId commit) {
        return new Progress(packages, merges + 1, commit);
    }

    void writeTo(Path directory) throws IOException {
        Path fresh = directory.resolve(FILE + ".new");
        Files.writeString(fresh, FORM.formatted(EDITION, packages, merges, head));
        Files.move(fresh, directory.resolve(FILE), ATOMIC_MOVE);
    }
}
