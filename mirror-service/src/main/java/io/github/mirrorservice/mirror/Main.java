package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.opam.OpamException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command line. Without a verb it serves. */
@Command(
        name = "mirror-service",
        description = "A mirror of opam repositories that stays available while it ingests.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true)
public final class Main implements Serving {

    private static final Map<String, Class<?>> VERBS = verbs();

    @Mixin
    private final ServeOptions options = new ServeOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    /** Runs the command and ends the process: 0 ok, 1 runtime failure, 2 usage or configuration. */
    public static void main(String[] arguments) {
        // Samples one buffer in 128 with a stack trace; the tests watch all of them.
        System.getProperties().putIfAbsent("io.netty.leakDetection.level", "disabled");
        System.exit(commandLine(System.getenv(), arguments).execute(arguments));
    }

    /**
     * The command with the verbs that these arguments may be about: none for a mirror that starts with options alone, since
     * the model of all verbs takes a JVM that has just started a tenth of a second.
     */
    static CommandLine commandLine(Map<String, String> environment, String... arguments) {
        ValueSources sources = ValueSources.of(
                environment, List.of(arguments), () -> withVerbs().getCommandSpec());
        return (isOptionsAlone(arguments) ? alone() : withVerbs())
                .setDefaultValueProvider(sources)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(parsed -> {
                    sources.require(parsed);
                    requireNoOptionBeforeVerb(parsed);
                    return new CommandLine.RunLast().execute(parsed);
                })
                .setParameterExceptionHandler(new Misuse(sources))
                .setExecutionExceptionHandler(Main::explain);
    }

    private static boolean isOptionsAlone(String... arguments) {
        return (arguments.length == 0 || arguments[0].startsWith("-"))
                && Stream.of(arguments).noneMatch(word -> VERBS.containsKey(word) || word.matches("-h|--help"));
    }

    private static CommandLine alone() {
        CommandLine command = new CommandLine(new Main());
        command.getCommandSpec().addOption(ValueSources.option());
        return command;
    }

    private static CommandLine withVerbs() {
        CommandLine command = alone();
        VERBS.forEach(command::addSubcommand);
        mayBeConfigured(command);
        return command;
    }

    /** Whichever verb has an option of {@code serve} takes it from a configuration file too. */
    private static void mayBeConfigured(CommandLine command) {
        CommandSpec serve = command.getCommandSpec();
        Stream.concat(
                        command.getSubcommands().values().stream(),
                        command.getSubcommands().values().stream()
                                .flatMap(verb -> verb.getSubcommands().values().stream()))
                .map(CommandLine::getCommandSpec)
                .filter(verb ->
                        ValueSources.settings(verb).anyMatch(option -> serve.findOption(option.longestName()) != null))
                .forEach(verb -> verb.addOption(ValueSources.option()));
    }

    private static Map<String, Class<?>> verbs() {
        Map<String, Class<?>> verbs = new LinkedHashMap<>();
        verbs.put("serve", Serve.class);
        verbs.put("sync", SyncCommand.class);
        verbs.put("plan", PlanCommand.class);
        verbs.put("export", ExportCommand.class);
        verbs.put("import", ImportCommand.class);
        verbs.put("scrub", ScrubCommand.class);
        verbs.put("gc", GcCommand.class);
        verbs.put("verify", VerifyCommand.class);
        verbs.put("config", ConfigCommand.class);
        verbs.put("healthcheck", HealthcheckCommand.class);
        verbs.put("prove", Prove.class);
        verbs.put("serve-git", ServeGit.class);
        verbs.put("generate-completion", GenerateCompletion.class);
        return verbs;
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
    public ServeOptions options() {
        return options;
    }

    @Override
    public Integer call() {
        return serve(this, spec);
    }

    private static int serve(Serving serving, CommandSpec spec) {
        serving.options().logs().start();
        String[] arguments =
                spec.root().commandLine().getParseResult().originalArgs().toArray(String[]::new);
        return Mirror.run(Configuration.of(serving.options(), spec), () -> configuration(System.getenv(), arguments));
    }

    /** What a mirror is told that was started so, read anew. Fails with {@link ParameterException} if it cannot be used. */
    static Configuration configuration(Map<String, String> environment, String... arguments) {
        CommandLine command = commandLine(environment, arguments);
        ParseResult parsed = command.parseArgs(arguments);
        ((ValueSources) Objects.requireNonNull(command.getDefaultValueProvider())).require(parsed);
        CommandSpec running = parsed.hasSubcommand() ? parsed.subcommand().commandSpec() : parsed.commandSpec();
        return Configuration.of(((Serving) running.userObject()).options(), running);
    }

    /** What is made of a verb's options; fails with {@link ParameterException} where that fails for what they are. */
    static <T> T usable(CommandSpec verb, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException unusable) {
            throw new ParameterException(verb.commandLine(), String.valueOf(unusable.getMessage()), unusable);
        }
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
    static final class Serve implements Serving {

        @Mixin
        private final ServeOptions options = new ServeOptions();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public ServeOptions options() {
            return options;
        }

        @Override
        public Integer call() {
            return serve(this, spec);
        }
    }
}
