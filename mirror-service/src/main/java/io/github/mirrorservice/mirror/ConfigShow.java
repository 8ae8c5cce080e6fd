package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.ValueSource.Value;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** The verb that prints all values as a configuration file, with their origins as comments, and without passwords. */
@Command(
        name = "show",
        description = "Prints the value of each option as a configuration file, and where it comes from.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true)
final class ConfigShow implements Callable<Integer> {

    /** What YAML takes as it stands. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9./][A-Za-z0-9./%+~,_-]*");

    private static final Pattern PASSWORD = Pattern.compile("//[^/@\\s]*@");

    @Mixin
    @SuppressWarnings("UnusedVariable") // they are there to be shown
    private final ServeOptions options = new ServeOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ValueSources.settings(spec)
                .forEach(option -> spec.commandLine().getOut().println(line(ValueSources.name(option), value(option))));
        return 0;
    }

    private Optional<Value> value(OptionSpec option) {
        CommandLine command = spec.commandLine();
        ValueSources sources = (ValueSources) Objects.requireNonNull(command.getDefaultValueProvider());
        return Optional.ofNullable(command.getParseResult().matchedOption(option.longestName()))
                .map(given -> new Value(String.join(",", given.originalStringValues()), "the command line"))
                .or(() -> sources.value(option))
                .or(() -> Optional.ofNullable(option.defaultValue()).map(text -> new Value(text, "default")));
    }

    private static String line(String name, Optional<Value> value) {
        return value.map(some -> "%-58s # %s".formatted(name + ": " + yaml(some.text()), some.origin()))
                .orElse("# " + name + ":");
    }

    private static String yaml(String value) {
        String masked = PASSWORD.matcher(value).replaceAll("//***@");
        return PLAIN.matcher(masked).matches()
                ? masked
                : '"' + masked.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
