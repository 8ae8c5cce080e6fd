package io.github.mirrorservice.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real opam with a root of its own: it sees neither the settings nor the repositories of the person who runs the test. */
final class OpamClient {

    /** Names further opam executables to test with, as a list of paths. */
    static final String CLIENTS = "opam.clients";

    /** A first look at the real repository unpacks some 18,000 files, which takes a slow disk a minute. */
    private static final Duration DEADLINE = Duration.ofMinutes(4);

    private final Path executable;
    private final Path home;

    OpamClient(Path executable, Path home) {
        this.executable = executable;
        this.home = home;
    }

    /** The opam that the PATH finds, if any, and those that {@link #CLIENTS} names. */
    static List<Path> executables() {
        Optional<Path> installed = list(System.getenv("PATH"))
                .map(folder -> folder.resolve("opam"))
                .filter(Files::isExecutable)
                .findFirst();
        return Stream.concat(installed.stream(), list(System.getProperty(CLIENTS, "")))
                .toList();
    }

    private static Stream<Path> list(String paths) {
        return Stream.of(paths.split(File.pathSeparator, -1))
                .filter(path -> !path.isEmpty())
                .map(Path::of);
    }

    /** Sets opam up with the repository at this address; returns what it said. */
    String init(String url) {
        return run("init", "--bare", "--no-setup", "--disable-sandboxing", "default", url);
    }

    /** Fetches the repository again; returns what opam said. */
    String update() {
        return run("update");
    }

    /** The names of all packages. */
    List<String> packages() {
        return run("list", "--all", "--short").lines().toList();
    }

    /** All packages with their versions, as {@code NAME.VERSION}. */
    List<String> versions() {
        return run("list", "--all", "--all-versions", "--short", "--columns=package")
                .lines()
                .map(String::strip)
                .toList();
    }

    /** The opam file of a version, as the repository has it. */
    String show(String nameAndVersion) {
        return run("show", "--raw", nameAndVersion);
    }

    private String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(executable.toString()));
        command.addAll(List.of(arguments));
        try {
            File said = Files.createTempFile(home, "said", ".txt").toFile();
            Process process = start(command, said);
            boolean ended = process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            String text = Files.readString(said.toPath());
            assertThat(ended).as("%s ends in time; it said: %s", command, text).isTrue();
            assertThat(process.exitValue())
                    .as("exit code of %s, which said: %s", command, text)
                    .isZero();
            return text;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(command + " could not run", e);
        }
    }

    private Process start(List<String> command, File said) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(said);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(List.of("PATH"));
        environment.putAll(Map.of(
                "HOME", home.toString(),
                "TMPDIR", home.toString(),
                "OPAMROOT", home.resolve("root").toString(),
                "OPAMROOTISOK", "1",
                "OPAMYES", "1",
                "OPAMCOLOR", "never",
                "OPAMUTF8", "never",
                "LC_ALL", "C"));
        return builder.start();
    }
}
