package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Somebody else's program, run without input, in an environment of its own, and for a bounded time.
 *
 * @param executable the program
 * @param folder where it runs and finds its temporary files
 * @param environment what it sees beside the PATH
 */
record Tool(Path executable, Path folder, Map<String, String> environment) {

    /** The real repository is some 18,000 small files, which take a slow disk a minute or two. */
    private static final Duration DEADLINE = Duration.ofMinutes(4);

    /** The program of this name that the PATH finds. */
    static Optional<Path> named(String name) {
        return paths(System.getenv("PATH"))
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The members of a list of paths, as the PATH is one. */
    static Stream<Path> paths(String list) {
        return Stream.of(list.split(File.pathSeparator, -1))
                .filter(path -> !path.isEmpty())
                .map(Path::of);
    }

    /** All that it said, when it succeeded. */
    String run(String... arguments) {
        return new String(bytes(arguments), UTF_8);
    }

    /** All that it wrote, to either output, when it succeeded. */
    byte[] bytes(String... arguments) {
        List<String> command = new ArrayList<>(List.of(executable.toString()));
        command.addAll(List.of(arguments));
        try {
            return bytes(command, Files.createTempFile(folder, "output", ""));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(command + " could not run", e);
        }
    }

    private byte[] bytes(List<String> command, Path output) throws IOException, InterruptedException {
        Process process = start(command, output);
        boolean ended = process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        byte[] bytes = Files.readAllBytes(output);
        assertThat(ended && process.exitValue() == 0)
                .as(() -> "%s succeeds in time; it said: %s".formatted(command, new String(bytes, UTF_8)))
                .isTrue();
        return bytes;
    }

    private Process start(List<String> command, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("PATH", System.getenv("PATH"));
        variables.put("TMPDIR", folder.toString());
        builder.environment().clear();
        builder.environment().putAll(variables);
        return builder.start();
    }
}
