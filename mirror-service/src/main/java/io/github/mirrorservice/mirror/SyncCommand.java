package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.http.OutcomeJson;
import io.github.mirrorservice.mirror.opam.Outcome;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The verb that ingests. */
@Command(
        name = "sync",
        description = {
            "Has the mirror on this machine ingest now, waits, and says how that ended: exit status 0 for published and",
            "unchanged, 5 if the remote cannot be reached, 1 for all else. With --once no mirror need run."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true)
final class SyncCommand implements Callable<Integer> {

    private static final int UNREACHABLE = 5;
    private static final String REASON = "unreachable";

    /** An ingest takes no longer, and the listener answers then. */
    private static final Duration LONGEST = Duration.ofMinutes(16);

    @Mixin
    private final ServeOptions options = new ServeOptions();

    @Option(
            names = "--once",
            description =
                    "Ingests by itself. The mirror must not run meanwhile, and serves the outcome when it starts.")
    private boolean once;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        options.logs().start();
        Settings settings = options.settings(spec);
        return once ? ingest(settings) : ask(settings);
    }

    private int ingest(Settings settings) {
        Outcome outcome;
        try (ProgressLine line = new ProgressLine(spec.commandLine())) {
            outcome = Mirror.sync(settings, line);
        }
        say(OutcomeJson.of(outcome));
        if (outcome instanceof Outcome.Failed failed) {
            return status(failed.reason());
        }
        return outcome instanceof Outcome.Held ? 1 : 0;
    }

    private int ask(Settings settings) {
        String told = Management.of(settings.listen())
                .ask("POST", "/sync?wait=true", LONGEST)
                .text();
        say(told);
        return Stream.of("published", "unchanged").anyMatch(good -> told.contains("\"outcome\":\"" + good + '"'))
                ? 0
                : status(told.contains("\"reason\":\"" + REASON + '"') ? REASON : "");
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
    }

    /** The exit status after a failure with this reason. */
    static int status(String reason) {
        return reason.equals(REASON) ? UNREACHABLE : 1;
    }
}
