package io.github.mirrorservice.mirror;

import java.util.List;
import java.util.Optional;

/** Where options that are not given on the command line may have values. Options are known by their names without dashes. */
interface ValueSource {

    /** The value that it has for an option. */
    Optional<Value> value(String option);

    /** Says what is wrong if it has a value for none of these options. */
    Optional<String> unknown(List<String> options);

    /**
     * A value as it is typed.
     *
     * @param text what would stand on the command line
     * @param origin where it was found, for people
     */
    record Value(String text, String origin) {}
}
