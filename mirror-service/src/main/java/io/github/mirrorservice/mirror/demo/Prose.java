package io.github.mirrorservice.mirror.demo;

import java.util.List;

/** Sentences as the authors of packages write them. */
final class Prose {

    private static final List<String> MANNERS = List.of(
            "Streaming",
            "Typed",
            "Small",
            "Fast",
            "Composable",
            "Pure OCaml",
            "Incremental",
            "Portable",
            "Embeddable",
            "Concurrent",
            "Minimal",
            "Verified");
    private static final List<String> THINGS = List.of(
            "parser",
            "library",
            "client",
            "server",
            "bindings",
            "combinators",
            "toolkit",
            "codec",
            "pretty-printer",
            "interface",
            "data structures",
            "utilities");
    private static final List<String> PURPOSES = List.of(
            "",
            "",
            " for OCaml",
            " with typed errors",
            " for unikernels",
            " for the command line",
            " and its tests",
            " without dependencies",
            " for concurrent programs",
            " on top of Bigarray");
    private static final List<String> SUBJECTS = List.of(
            "The library",
            "This package",
            "Each module",
            "The reader",
            "The writer",
            "An optional backend",
            "The command line tool",
            "The test suite",
            "The core",
            "A separate functor",
            "The decoder",
            "Every function",
            "The default policy",
            "The accompanying preprocessor");
    private static final List<String> VERBS = List.of(
            "reads",
            "keeps",
            "checks",
            "describes",
            "hands over",
            "transforms",
            "prints",
            "compares",
            "caches",
            "splits",
            "merges",
            "exposes",
            "validates",
            "schedules");
    private static final List<String> OBJECTS = List.of(
            "its input",
            "a bounded buffer",
            "typed values",
            "the whole tree of nodes",
            "records and variants",
            "one element at a time",
            "the results of earlier calls",
            "what the standard asks for",
            "lazy sequences",
            "labels and their defaults",
            "a small set of primitives",
            "immutable snapshots",
            "the caller’s own types",
            "user-defined handlers");
    private static final List<String> ENDS = List.of(
            "without copying.",
            "in constant memory.",
            "and reports errors with their location.",
            "as its manual explains in detail.",
            "so that programs can be tested without a network.",
            "and never raises.",
            "on every platform that OCaml supports.",
            "in linear time.",
            "unless the caller asks for something else.",
            "with a fallback for older compilers.",
            "before anything reaches the disk.",
            "and can be extended from outside.");

    private static final int SENTENCES_PER_PARAGRAPH = 4;

    private Prose() {}

    /** One line that starts with a capital and ends without a full stop. */
    static String synopsis(Dice dice, Topic topic) {
        return dice.pick(MANNERS) + " " + topic.title() + " " + dice.pick(THINGS) + dice.pick(PURPOSES);
    }

    /** Paragraphs, one sentence a line. */
    static String description(Dice dice, int sentences) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < sentences; i++) {
            if (i > 0 && i % SENTENCES_PER_PARAGRAPH == 0) {
                text.append('\n');
            }
            text.append(sentence(dice)).append('\n');
        }
        return text.toString();
    }

    private static String sentence(Dice dice) {
        return String.join(" ", dice.pick(SUBJECTS), dice.pick(VERBS), dice.pick(OBJECTS), dice.pick(ENDS));
    }
}
