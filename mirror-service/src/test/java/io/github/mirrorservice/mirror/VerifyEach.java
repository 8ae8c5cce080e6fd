package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs {@code verify} on each data directory that is named on the standard input, one a line, and answers with its exit status
 * and what it said, in one line. The scripts in {@code faults} ask it thousands of times, for which no JVM need start.
 */
final class VerifyEach {

    private VerifyEach() {}

    public static void main(String[] arguments) {
        new BufferedReader(new InputStreamReader(System.in, UTF_8)).lines().forEach(data -> {
            Verb verb = Verb.run("verify", "--data", data);
            System.out.println(verb.status() + " " + oneLine(verb));
        });
    }

    private static String oneLine(Verb verb) {
        return Stream.of(verb.out(), verb.err()).flatMap(String::lines).collect(Collectors.joining("; "));
    }
}
