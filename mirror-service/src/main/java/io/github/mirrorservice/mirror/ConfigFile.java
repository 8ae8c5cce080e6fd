package io.github.mirrorservice.mirror;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A configuration file: a mapping in YAML 1.2, where each key is an option's name without its dashes, and each value what
 * the option takes on the command line, or a list of that where it may be repeated.
 */
final class ConfigFile implements ValueSource {

    private static final int LARGEST = 64 * 1024;

    private final Path path;
    private final Map<String, Entry> entries;

    private ConfigFile(Path path, Map<String, Entry> entries) {
        this.path = path;
        this.entries = entries;
    }

    /** Fails with {@link IllegalArgumentException} if it cannot be read, or is not what it should be. */
    static ConfigFile read(Path path) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(path.toString())
                .setCodePointLimit(LARGEST)
                .setMaxAliasesForCollections(0)
                .build();
        try {
            return new Compose(settings)
                    .composeString(text(path))
                    .map(root -> new ConfigFile(path, entries(path, root)))
                    .orElseGet(() -> new ConfigFile(path, Map.of()));
        } catch (MarkedYamlEngineException broken) {
            throw unusable(path, broken.getProblemMark(), "is no YAML: " + broken.getProblem());
        } catch (YamlEngineException broken) {
            throw unusable(path, Optional.empty(), "is no YAML: " + broken.getMessage());
        }
    }

    private static String text(Path path) {
        try {
            if (Files.size(path) > LARGEST) {
                throw unusable(path, Optional.empty(), "has more than " + LARGEST + " bytes: is it the right file?");
            }
            return Files.readString(path);
        } catch (CharacterCodingException broken) {
            throw unusable(path, Optional.empty(), "is not in UTF-8");
        } catch (IOException unreadable) {
            throw unusable(path, Optional.empty(), "cannot be read (" + unreadable + "): name another with --config");
        }
    }

    private static Map<String, Entry> entries(Path path, Node root) {
        if (!(root instanceof MappingNode mapping)) {
            throw unusable(path, root.getStartMark(), "options are written as 'name: value', such as 'poll: 60s'");
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = scalar(path, tuple.getKeyNode());
            if (entries.put(key, new Entry(value(path, tuple.getValueNode()), line(tuple.getKeyNode()))) != null) {
                throw unusable(path, tuple.getKeyNode().getStartMark(), "'" + key + "' is there twice");
            }
        }
        return entries;
    }

    private static String value(Path path, Node node) {
        return node instanceof SequenceNode list
                ? list.getValue().stream().map(item -> scalar(path, item)).collect(Collectors.joining(","))
                : scalar(path, node);
    }

    private static String scalar(Path path, Node node) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
            return scalar.getValue();
        }
        throw unusable(
                path,
                node.getStartMark(),
                "here stands one value, or a list of them; leave the option out for its default");
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    private static IllegalArgumentException unusable(Path path, Optional<Mark> where, String why) {
        return new IllegalArgumentException(
                path + where.map(mark -> ", line " + (mark.getLine() + 1)).orElse("") + ": " + why);
    }

    @Override
    public Optional<Value> value(String option) {
        return Optional.ofNullable(entries.get(option))
                .map(entry -> new Value(entry.value, path + ", line " + entry.line));
    }

    @Override
    public Optional<String> unknown(List<String> options) {
        return entries.entrySet().stream()
                .filter(entry -> !options.contains(entry.getKey()))
                .findFirst()
                .map(entry -> "%s, line %d: '%s' is no option: did you mean %s?"
                        .formatted(path, entry.getValue().line, entry.getKey(), Nearest.of(entry.getKey(), options)));
    }

    private record Entry(String value, int line) {}
}
