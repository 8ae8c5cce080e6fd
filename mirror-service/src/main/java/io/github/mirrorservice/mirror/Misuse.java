package io.github.mirrorservice.mirror;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said to who told the program something unusable: one line, since the whole usage would push it out of sight. */
final class Misuse implements IParameterExceptionHandler {

    private final ValueSources sources;

    Misuse(ValueSources sources) {
        this.sources = sources;
    }

    @Override
    public int handleParseException(ParameterException refused, String[] arguments) {
        CommandLine command = refused.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("mirror-service: " + problem(refused) + origin(refused, arguments));
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'");
        return CommandLine.ExitCode.USAGE;
    }

    private static String problem(ParameterException refused) {
        ArgSpec argument = refused.getArgSpec();
        if (refused instanceof UnmatchedArgumentException unknown) {
            return unknown(
                    unknown.getUnmatched().get(0), refused.getCommandLine().getCommandSpec());
        }
        // The words of an enumeration as they are typed, where picocli would name Java's constants.
        boolean isWord = argument instanceof OptionSpec && argument.typeInfo().isEnum() && refused.getValue() != null;
        return isWord
                ? "Invalid value for option '%s': '%s' is none of %s"
                        .formatted(((OptionSpec) argument).longestName(), refused.getValue(), argument.paramLabel())
                : String.valueOf(refused.getMessage());
    }

    private static String unknown(String written, CommandSpec verb) {
        if (written.startsWith("-")) {
            List<String> options =
                    verb.options().stream().map(OptionSpec::longestName).toList();
            return "there is no option %s%s".formatted(written, nearest(written.split("=", 2)[0], options));
        }
        return verb.subcommands().isEmpty()
                ? "%s does not take '%s'".formatted(verb.qualifiedName(), written)
                : "there is no verb %s%s"
                        .formatted(written, nearest(written, verb.subcommands().keySet()));
    }

    private static String nearest(String written, Collection<String> words) {
        return words.isEmpty() ? "" : "; the nearest is " + Nearest.of(written, words);
    }

    /** Where a value comes from that is not on the command line. */
    private String origin(ParameterException refused, String[] arguments) {
        return refused.getArgSpec() instanceof OptionSpec option
                        && Stream.of(arguments).noneMatch(word -> word.startsWith(option.longestName()))
                ? sources.value(option)
                        .map(value -> " (" + value.origin() + ")")
                        .orElse("")
                : "";
    }
}
