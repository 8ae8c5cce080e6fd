package io.github.mirrorservice.mirror;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The variables of a process: {@code MIRROR_GIT_STORE} is the option {@code git-store}. */
final class Environment implements ValueSource {

    private static final String PREFIX = "MIRROR_";
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP|SCTP)(_.*)?)");
    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private final Map<String, String> variables;

    Environment(Map<String, String> variables) {
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
    public Optional<Value> value(String option) {
        return Optional.ofNullable(variables.get(variable(option))).map(text -> new Value(text, variable(option)));
    }

    @Override
    public Optional<String> unknown(List<String> options) {
        List<String> known = options.stream().map(Environment::variable).toList();
        return variables.keySet().stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .findFirst()
                .map(name -> "the environment has %s, which is no option: did you mean %s?"
                        .formatted(name, Nearest.of(name, known)));
    }

    private static String variable(String option) {
        return PREFIX + option.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
