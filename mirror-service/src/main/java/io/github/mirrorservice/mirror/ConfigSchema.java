package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.http.Json;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The JSON Schema (2020-12) of configuration files, from the options of the command line themselves. */
final class ConfigSchema {

    private ConfigSchema() {}

    /** Of files with the options of this command. */
    static String of(CommandSpec command) {
        Json properties = new Json();
        ValueSources.settings(command).forEach(option -> properties.put(ValueSources.name(option), property(option)));
        return new Json()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", "mirror-service")
                .put("type", "object")
                .put("additionalProperties", false)
                .put("properties", properties)
                .end();
    }

    private static Json property(OptionSpec option) {
        Json property = new Json().put("description", description(option));
        if (option.defaultValue() != null) {
            property.put("default", option.defaultValue());
        }
        if (option.typeInfo().isEnum()) {
            return property.putAll("enum", List.of(option.paramLabel().split("\\|")));
        }
        return option.splitRegex().isEmpty()
                ? property.putAll("type", List.of(isNumber(option) ? "integer" : "string"))
                : property.putAll("type", List.of("string", "array")).put("items", new Json().put("type", "string"));
    }

    private static boolean isNumber(OptionSpec option) {
        return option.typeInfo().getType() == int.class && option.converters().length == 0;
    }

    /** Without the sentence about the default, which has a place of its own. */
    private static String description(OptionSpec option) {
        return Stream.of(option.description())
                .map(line -> line.replaceFirst("\\s*Default: .*", ""))
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
