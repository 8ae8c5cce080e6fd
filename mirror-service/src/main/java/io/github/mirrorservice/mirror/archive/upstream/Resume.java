package io.github.mirrorservice.mirror.archive.upstream;

/**
 * Which part of an archive is wanted: its rest.
 *
 * @param from how many bytes are there, at least one
 * @param validator the strong entity tag with which they came, in its quotes: the rest must be of the same archive
 */
public record Resume(long from, String validator) {

    /** Refuses an offset below 1, and a validator that does not tell two archives apart. */
    public Resume {
        if (from < 1 || !Answers.isStrong(validator)) {
            throw new IllegalArgumentException(
                    "resume from byte 1 or later, by a strong entity tag: " + from + ", " + validator);
        }
    }
}
