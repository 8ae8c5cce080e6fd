package io.github.mirrorservice.mirror;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What a mirror is told, by all the ways in which it can be told something.
 *
 * @param settings what that means
 * @param values the value of each option that has one, as it is typed
 */
record Configuration(Settings settings, Map<String, ValueSource.Value> values) {

    private static final Pattern PASSWORD = Pattern.compile("//[^/@\\s]*@");

    /** The options that a running mirror can be told anew. */
    private static final Set<String> CHANGEABLE = Set.of(
            "poll",
            "max-loss",
            "allow-upstream",
            "upstream-cache",
            "upstream-cache-order",
            "publish-archives",
            "publish-wait",
            "scrub-rate");

    /** What a verb was told that has been parsed; fails as {@link ServeOptions#settings(CommandSpec)} does. */
    static Configuration of(ServeOptions options, CommandSpec verb) {
        return new Configuration(options.settings(verb), values(verb));
    }

    /** The value of each option of a verb that has been parsed, if it has one. */
    static Map<String, ValueSource.Value> values(CommandSpec verb) {
        Map<String, ValueSource.Value> values = new LinkedHashMap<>();
        ValueSources.settings(verb).forEach(option -> value(verb.commandLine(), option)
                .ifPresent(value -> values.put(ValueSources.name(option), value)));
        return values;
    }

    private static Optional<ValueSource.Value> value(CommandLine command, OptionSpec option) {
        ValueSources sources = (ValueSources) Objects.requireNonNull(command.getDefaultValueProvider());
        return Optional.ofNullable(command.getParseResult().matchedOption(option.longestName()))
                .map(given -> new ValueSource.Value(String.join(",", given.originalStringValues()), "the command line"))
                .or(() -> sources.value(option))
                .or(() ->
                        Optional.ofNullable(option.defaultValue()).map(text -> new ValueSource.Value(text, "default")));
    }

    /** A value without the password that may be in it. */
    static String masked(String value) {
        return PASSWORD.matcher(value).replaceAll("//***@");
    }

    /** What is different in another configuration and can take effect at once, as people read it. */
    List<String> changes(Configuration next) {
        return differences(next, CHANGEABLE::contains);
    }

    /** What is different in it and takes a restart. */
    List<String> obstacles(Configuration next) {
        return differences(next, name -> !CHANGEABLE.contains(name));
    }

    private List<String> differences(Configuration next, Predicate<String> some) {
        Map<String, ValueSource.Value> all = new LinkedHashMap<>(values);
        next.values.forEach(all::putIfAbsent);
        return all.keySet().stream()
                .filter(some)
                .filter(name -> !text(name).equals(next.text(name)))
                .map(name -> "%s: %s -> %s".formatted(name, shown(name), next.shown(name)))
                .toList();
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).map(ValueSource.Value::text);
    }

    private String shown(String name) {
        return text(name).map(Configuration::masked).orElse("nothing");
    }
}
