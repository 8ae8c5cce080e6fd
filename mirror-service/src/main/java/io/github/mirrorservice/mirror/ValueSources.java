package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.ValueSource.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What options are that are not given on the command line: what the environment says, else the configuration file. */
final class ValueSources implements IDefaultValueProvider {

    private static final String CONFIG = "config";

    private final Environment environment;
    private final Optional<ConfigFile> file;
    private final Optional<String> problem;
    private final Supplier<CommandSpec> all;

    private ValueSources(
            Environment environment, Optional<ConfigFile> file, Optional<String> problem, Supplier<CommandSpec> all) {
        this.environment = environment;
        this.file = file;
        this.problem = problem;
        this.all = all;
    }

    /**
     * For a process with these variables and arguments, one of which may name a configuration file, which is read.
     *
     * @param all the command with all its verbs; asked for only if the verb that runs does not know all that is there
     */
    static ValueSources of(Map<String, String> variables, List<String> arguments, Supplier<CommandSpec> all) {
        Environment environment = new Environment(variables);
        Optional<Path> path = argument(arguments)
                .or(() -> environment.value(CONFIG).map(Value::text))
                .map(Path::of);
        try {
            return new ValueSources(environment, path.map(ConfigFile::read), Optional.empty(), all);
        } catch (IllegalArgumentException unusable) {
            return new ValueSources(environment, Optional.empty(), Optional.ofNullable(unusable.getMessage()), all);
        }
    }

    /** The option that names the file; it is one of each verb that has options of {@code serve}. */
    static OptionSpec option() {
        return OptionSpec.builder("--" + CONFIG)
                .paramLabel("FILE")
                .type(Path.class)
                .description("Options in YAML, by their names without dashes, such as 'poll: 60s'. "
                        + "The command line and the environment win over it.")
                .build();
    }

    /** What is named on the command line, before anything else of that is read. */
    private static Optional<String> argument(List<String> arguments) {
        String option = "--" + CONFIG;
        return IntStream.range(0, arguments.size())
                .mapToObj(i -> arguments.get(i).equals(option) && i + 1 < arguments.size()
                        ? arguments.get(i + 1)
                        : arguments.get(i).startsWith(option + "=")
                                ? arguments.get(i).substring(option.length() + 1)
                                : "")
                .filter(path -> !path.isEmpty())
                .findFirst();
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? value(option).map(Value::text).orElse(null)
                : null;
    }

    /** What an option is that is not given on the command line, unless it is what it always is by default. */
    Optional<Value> value(OptionSpec option) {
        String name = name(option);
        return environment.value(name).or(() -> file.flatMap(some -> some.value(name)));
    }

    /** Fails with {@link ParameterException} if the file cannot be used, or something there is no option of any verb. */
    void require(ParseResult parsed) {
        CommandSpec running = parsed.commandSpec();
        problem.or(() -> unknown(environment, names(Stream.of(running)), this::ofAllVerbs))
                .or(() -> file.flatMap(some -> unknown(some, names(running), () -> names(all.get()))))
                .ifPresent(wrong -> {
                    throw new ParameterException(running.commandLine(), wrong);
                });
    }

    /** Whether the options of the command that runs are all that is there, which is known at once, or else those of all. */
    private static Optional<String> unknown(ValueSource source, List<String> some, Supplier<List<String>> known) {
        return source.unknown(some).flatMap(perhaps -> source.unknown(known.get()));
    }

    private List<String> ofAllVerbs() {
        CommandSpec root = all.get();
        return names(Stream.concat(
                Stream.of(root), root.subcommands().values().stream().map(CommandLine::getCommandSpec)));
    }

    private static List<String> names(CommandSpec command) {
        return settings(command).map(ValueSources::name).toList();
    }

    private static List<String> names(Stream<CommandSpec> commands) {
        return Stream.concat(commands.flatMap(ValueSources::settings).map(ValueSources::name), Stream.of(CONFIG))
                .distinct()
                .toList();
    }

    /** The options of a command that a configuration file may have. */
    static Stream<OptionSpec> settings(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !option.usageHelp()
                        && !option.versionHelp()
                        && !name(option).equals(CONFIG));
    }

    /** An option's name without its dashes. */
    static String name(OptionSpec option) {
        return option.longestName().substring("--".length());
    }
}
