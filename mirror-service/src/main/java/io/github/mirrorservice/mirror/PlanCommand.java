package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.git.GitException;
import io.github.mirrorservice.mirror.opam.OpamException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The verb that says what the next ingest would do, and publishes nothing. */
@Command(
        name = "plan",
        description = {
            "Says what the next ingest would publish, and publishes nothing: exit status 0, or 1 if it would be held back,",
            "5 if the remote cannot be reached. The mirror must not run meanwhile."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true)
final class PlanCommand implements Callable<Integer> {

    @Mixin
    private final ServeOptions options = new ServeOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        options.logs().start();
        try {
            plan().lines().forEach(line -> spec.commandLine().getOut().println(line));
            return 0;
        } catch (OpamException.Held held) {
            spec.commandLine().getErr().println("would be held back (" + held.reason() + "): " + held.getMessage());
            return 1;
        } catch (GitException broken) {
            spec.commandLine().getErr().println("mirror-service: " + broken.getMessage());
            return SyncCommand.status(broken.reason());
        }
    }

    private Plan plan() {
        try (ProgressLine line = new ProgressLine(spec.commandLine())) {
            return Mirror.plan(options.settings(spec), line);
        }
    }
}
