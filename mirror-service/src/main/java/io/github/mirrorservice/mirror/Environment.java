package io.github.mirrorservice.mirror;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

/** Takes options that are not given from the environment: {@code --git-store} from {@code MIRROR_GIT_STORE}. */
final class Environment implements IDefaultValueProvider {

    private static final String PREFIX = "MIRROR_";
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP|SCTP)(_.*)?)");
    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private final Map<String, String> variables;
    private final Supplier<CommandSpec> all;

    /**
     * Of a process with these variables.
     *
     * @param all the command with all its verbs; asked for only if a variable means no option of the verb that runs
     */
    Environment(Map<String, String> variables, Supplier<CommandSpec> all) {
        this.all = all;
        this.variables = variables.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(PREFIX) && !isServiceLink(variable))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Kubernetes gives every pod such variables for a Service, and the Service may well be called mirror. */
    private static boolean isServiceLink(Map.Entry<String, String> variable) {
        return SERVICE_LINK.matcher(variable.getKey()).matches()
                || SERVICE_ADDRESS.matcher(variable.getValue()).matches();
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option ? variables.get(variable(option.longestName())) : null;
    }

    /** Fails with {@link ParameterException} for a variable with our prefix that is no option of any command. */
    void requireKnown(ParseResult parsed) {
        if (names(parsed.commandSpec()).containsAll(variables.keySet())) {
            return;
        }
        List<String> known = names(all.get());
        variables.keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new ParameterException(
                            parsed.commandSpec().commandLine(),
                            "the environment has " + name + ", which is no option: did you mean " + nearest(name, known)
                                    + "?");
                });
    }

    /** The variables of a command and its verbs. */
    private static List<String> names(CommandSpec command) {
        return Stream.concat(
                        Stream.of(command),
                        command.subcommands().values().stream().map(CommandLine::getCommandSpec))
                .flatMap(spec -> spec.options().stream())
                .map(option -> variable(option.longestName()))
                .distinct()
                .toList();
    }

    private static String variable(String option) {
        return PREFIX + option.substring("--".length()).toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static String nearest(String name, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(word -> distance(name, word)))
                .orElseThrow();
    }

    /** How many letters must be changed, added or removed to make one word the other (Levenshtein). */
    private static int distance(String from, String to) {
        int[] row = IntStream.rangeClosed(0, to.length()).toArray();
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
