package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.ValueSource.Value;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

    @Mixin
    @SuppressWarnings("UnusedVariable") // they are there to be shown
    private final ServeOptions options = new ServeOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Map<String, Value> values = Configuration.values(spec);
        ValueSources.settings(spec).map(ValueSources::name).forEach(name -> spec.commandLine()
                .getOut()
                .println(line(name, Optional.ofNullable(values.get(name)))));
        return 0;
    }

    private static String line(String name, Optional<Value> value) {
        return value.map(some -> "%-58s # %s".formatted(name + ": " + yaml(some.text()), some.origin()))
                .orElse("# " + name + ":");
    }

    private static String yaml(String value) {
        String masked = Configuration.masked(value);
        return PLAIN.matcher(masked).matches()
                ? masked
                : '"' + masked.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
