package io.github.mirrorservice.mirror.prove;

import io.github.mirrorservice.mirror.git.GitRemote;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The Git server that the mirror fetches from, in a process of its own and where possible with the lowest priority: else it
 * is on another machine, and takes no time from the mirror or from whoever measures.
 */
final class UpstreamProcess implements AutoCloseable {

    private static final Path NICE = Path.of("/usr/bin/nice");

    private final Process process;
    private final GitRemote remote;

    private UpstreamProcess(Process process, GitRemote remote) {
        this.process = process;
        this.remote = remote;
    }

    /** Starts it; blocks until it listens. It ends when this process ends, however it ends. */
    static UpstreamProcess start(List<String> program, Path repository) {
        List<String> command = new ArrayList<>();
        Stream.of(NICE)
                .filter(Files::isExecutable)
                .forEach(nice -> command.addAll(List.of(nice.toString(), "-n", "19")));
        command.addAll(program);
        command.add(repository.toString());
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new UpstreamProcess(process, GitRemote.parse(firstLine(process)));
        } catch (IOException e) {
            throw new ProofException("the Git server cannot be started: " + e.getMessage());
        }
    }

    private static String firstLine(Process process) throws IOException {
        BufferedReader said = process.inputReader();
        String line = said.readLine();
        if (line == null) {
            throw new ProofException("the Git server did not start");
        }
        return line;
    }

    /** Where it can be fetched from. */
    GitRemote remote() {
        return remote;
    }

    /** Tells it to end. */
    @Override
    public void close() {
        process.destroy();
    }
}
