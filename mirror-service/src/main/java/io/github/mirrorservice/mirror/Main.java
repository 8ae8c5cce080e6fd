package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.opam.OpamException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. Without a verb it serves. */
@Command(
        name = "mirror-service",
        description = "A mirror of opam repositories that stays available while it ingests.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        subcommands = {
            Main.Serve.class,
            ExportCommand.class,
            ImportCommand.class,
            ScrubCommand.class,
            GcCommand.class,
            Prove.class,
            ServeGit.class,
            GenerateCompletion.class
        })
public final class Main implements Callable<Integer> {

    @Mixin
    private final ServeOptions options = new ServeOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    /** Runs the command and ends the process: 0 ok, 1 runtime failure, 2 usage or configuration. */
    public static void main(String[] arguments) {
        // Samples one buffer in 128 with a stack trace; the tests watch all of them.
        System.getProperties().putIfAbsent("io.netty.leakDetection.level", "disabled");
        System.exit(commandLine(System.getenv()).execute(arguments));
    }

    static CommandLine commandLine(Map<String, String> environment) {
        Environment variables = new Environment(environment);
        return new CommandLine(new Main())
                .setDefaultValueProvider(variables)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(parsed -> {
                    variables.requireKnown(parsed);
                    requireNoOptionBeforeVerb(parsed);
                    return new CommandLine.RunLast().execute(parsed);
                })
                .setParameterExceptionHandler((refused, arguments) -> refuse(refused))
                .setExecutionExceptionHandler(Main::explain);
    }

    /** An option before the verb would be one of the default verb, and have no effect. */
    private static void requireNoOptionBeforeVerb(ParseResult parsed) {
        if (parsed.hasSubcommand() && !parsed.matchedOptions().isEmpty()) {
            throw new ParameterException(
                    parsed.commandSpec().commandLine(),
                    "options go behind the verb: mirror-service "
                            + parsed.subcommand().commandSpec().name() + " "
                            + parsed.matchedOptions().get(0).longestName() + " ...");
        }
    }

    @Override
    public Integer call() {
        return serve(options, spec);
    }

    private static int serve(ServeOptions options, CommandSpec spec) {
        options.logs().start();
        Settings settings;
        try {
            settings = options.settings();
        } catch (IllegalArgumentException unusable) {
            throw new ParameterException(spec.commandLine(), unusable.getMessage(), unusable);
        }
        return Mirror.run(settings);
    }

    /** The whole usage would push the one line that matters out of sight. */
    private static int refuse(ParameterException refused) {
        CommandLine command = refused.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("mirror-service: " + problem(refused));
        UnmatchedArgumentException.printSuggestions(refused, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'");
        return CommandLine.ExitCode.USAGE;
    }

    /** The words of an enumeration as they are typed, where picocli would name Java's constants. */
    private static String problem(ParameterException refused) {
        ArgSpec argument = refused.getArgSpec();
        boolean isWord = argument instanceof OptionSpec && argument.typeInfo().isEnum() && refused.getValue() != null;
        return isWord
                ? "Invalid value for option '%s': '%s' is none of %s"
                        .formatted(((OptionSpec) argument).longestName(), refused.getValue(), argument.paramLabel())
                : String.valueOf(refused.getMessage());
    }

    /** What is wrong with the world is told in one line; all else is a defect of this program, and told in full. */
    private static int explain(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        if (failure instanceof StartException
                || failure instanceof ArchiveException
                || failure instanceof OpamException) {
            command.getErr().println("mirror-service: " + failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw failure;
    }

    /** The verb that serves. */
    @Command(
            name = "serve",
            description = "Runs the mirror (the default).",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            usageHelpAutoWidth = true)
    static final class Serve implements Callable<Integer> {

        @Mixin
        private final ServeOptions options = new ServeOptions();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            return serve(options, spec);
        }
    }
}
