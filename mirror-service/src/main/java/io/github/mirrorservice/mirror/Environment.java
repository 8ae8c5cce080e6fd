package io.github.mirrorservice.mirror;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Takes options that are not given from the environment: {@code --git-store} from {@code MIRROR_GIT_STORE}. */
final class Environment implements IDefaultValueProvider {

    private static final String PREFIX = "MIRROR_";

    private final Map<String, String> variables;

    Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option ? variables.get(variable(option.longestName())) : null;
    }

    /** Fails with {@link IllegalArgumentException} for a variable with our prefix that is no option of the command. */
    void requireKnown(CommandSpec command) {
        List<String> known = command.options().stream()
                .map(option -> variable(option.longestName()))
                .toList();
        variables.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "the environment has " + name + ", which is no option: did you mean " + nearest(name, known) + "?");
                });
    }
}
