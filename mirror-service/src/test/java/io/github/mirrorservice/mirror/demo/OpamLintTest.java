package io.github.mirrorservice.mirror.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shows the generated files to the real opam client. */
final class OpamLintTest {

    @TempDir
    private Path directory;

    @Test
    @Timeout(60)
    void opam_finds_nothing_to_warn_of() throws IOException, InterruptedException {
        Optional<Path> opam = opamOnPath();
        assumeTrue(opam.isPresent(), "not run: no opam on the PATH");
        List<Path> opamFiles = writeTree();

        Process lint = lint(opam.orElseThrow(), opamFiles);
        List<String> verdicts = new String(lint.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .filter(line -> line.startsWith(directory.toString()))
                .toList();

        assertThat(lint.waitFor()).isZero();
        assertThat(verdicts).hasSameSizeAs(opamFiles).allMatch(verdict -> verdict.endsWith(": Passed."));
    }

    private Process lint(Path opam, List<Path> opamFiles) throws IOException {
        ProcessBuilder lint = new ProcessBuilder(Stream.concat(
                        Stream.of(opam.toString(), "lint"), opamFiles.stream().map(Path::toString))
                .toList());
        lint.environment().put("OPAMROOT", directory.resolve("root").toString());
        return lint.redirectErrorStream(true).start();
    }

    private List<Path> writeTree() throws IOException {
        Tree tree = Tree.after(new History(new DemoSize(100)), History.SWING);
        for (var file : tree.files().entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return tree.files().keySet().stream()
                .filter(path -> path.endsWith("/opam"))
                .map(directory::resolve)
                .toList();
    }

    private static Optional<Path> opamOnPath() {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(Optional.ofNullable(System.getenv("PATH")).orElse(""))
                .map(folder -> Path.of(folder, "opam"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
