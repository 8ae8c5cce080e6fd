package io.github.mirrorservice.mirror;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The verb that asks whether the mirror is ready, for where there is no curl. */
@Command(
        name = "healthcheck",
        description = "Asks the mirror on this machine whether it is ready: exit status 0, or 1 if not.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true)
final class HealthcheckCommand implements Callable<Integer> {

    private static final Duration DEADLINE = Duration.ofSeconds(3);

    @Mixin
    private final ListenOptions options = new ListenOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Management.Reply reply =
                Management.of(Main.usable(spec, options::settings)).ask("GET", "/readyz", DEADLINE);
        boolean ready = reply.status() == 200;
        PrintWriter told =
                ready ? spec.commandLine().getOut() : spec.commandLine().getErr();
        told.println(reply.text());
        return ready ? 0 : 1;
    }
}
