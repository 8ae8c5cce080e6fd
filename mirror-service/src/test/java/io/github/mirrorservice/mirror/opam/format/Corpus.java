package io.github.mirrorservice.mirror.opam.format;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files of a real opam repository, read with {@code git} from the bundle or repository that the system property
 * {@code opam.corpus} names.
 */
final class Corpus {

    private final Path clone;

    private Corpus(Path clone) {
        this.clone = clone;
    }

    /** Whether there is a corpus, and a {@code git} to read it with. */
    static boolean isThere() {
        return !source().isEmpty() && succeeds("git", "--version");
    }

    /** The corpus, cloned into {@code directory}. */
    static Corpus cloned(Path directory) {
        String source = Path.of(source()).toAbsolutePath().toString();
        lines("git", "clone", "--quiet", "--bare", source, directory.toString());
        return new Corpus(directory);
    }

    private static String source() {
        return System.getProperty("opam.corpus", "");
    }

    /** The opam files of the tip, by path. */
    Map<String, byte[]> opamFiles() {
        Map<String, String> names = new LinkedHashMap<>();
        git("ls-tree", "-r", "HEAD", "packages")
                .map(line -> line.split("\\s+", 4))
                .filter(entry -> entry[3].endsWith("/opam"))
                .forEach(entry -> names.put(entry[3], entry[2]));
        return contents(names);
    }

    /** Every content that an opam file has had in any commit, by name of the blob. */
    Map<String, byte[]> everyOpamFile() {
        Map<String, String> names = new LinkedHashMap<>();
        git("rev-list", "--objects", "--all", "--", "packages")
                .filter(line -> line.endsWith("/opam"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .forEach(name -> names.put(name, name));
        return contents(names);
    }

    /** The file {@code repo} of the tip. */
    byte[] repo() {
        String name = git("rev-parse", "HEAD:repo").findFirst().orElseThrow();
        return contents(Map.of("repo", name)).values().iterator().next();
    }

    private Stream<String> git(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", clone.toString()));
        command.addAll(List.of(arguments));
        return lines(command.toArray(String[]::new)).stream();
    }

    private Map<String, byte[]> contents(Map<String, String> names) {
        try {
            Path wanted = Files.write(clone.resolve("wanted"), names.values());
            Process git = new ProcessBuilder("git", "-C", clone.toString(), "cat-file", "--batch")
                    .redirectInput(wanted.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Map<String, byte[]> contents = new LinkedHashMap<>();
            try (DataInputStream in = new DataInputStream(new BufferedInputStream(git.getInputStream(), 1 << 16))) {
                for (String name : names.keySet()) {
                    contents.put(name, content(in));
                }
            }
            return contents;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Reads {@code NAME blob SIZE}, the bytes and a line feed. */
    private static byte[] content(DataInputStream in) throws IOException {
        StringBuilder header = new StringBuilder();
        for (int octet = in.readUnsignedByte(); octet != '\n'; octet = in.readUnsignedByte()) {
            header.append((char) octet);
        }
        byte[] content = new byte[Integer.parseInt(header.substring(header.lastIndexOf(" ") + 1))];
        in.readFully(content);
        in.readUnsignedByte();
        return content;
    }

    private static boolean succeeds(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static List<String> lines(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (Stream<String> lines =
                    process.inputReader(StandardCharsets.UTF_8).lines()) {
                return lines.toList();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
