package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.git.GitDaemon;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The verb of the process that {@code prove} fetches from. */
@Command(
        name = ServeGit.NAME,
        hidden = true,
        description = "Serves a repository over Git's protocol on loopback, and ends with its standard input.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true)
final class ServeGit implements Callable<Integer> {

    static final String NAME = "serve-git";

    @Parameters(paramLabel = "REPOSITORY", description = "A bare repository.")
    private Path repository = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Logs.TEXT.start();
        try (GitDaemon daemon = GitDaemon.serve(repository)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(daemon.remote().address());
            out.flush();
            System.in.transferTo(OutputStream.nullOutputStream());
        }
        return 0;
    }
}
