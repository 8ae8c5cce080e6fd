package io.github.mirrorservice.mirror.demo;

import java.util.List;

/** Invented names that can be pronounced. */
final class Names {

    private static final List<String> SYLLABLES = syllables("bdfhlmnrstvw", "aeio");
    private static final int COUNT = SYLLABLES.size() * SYLLABLES.size() * SYLLABLES.size();

    /** Has no factor in common with {@link #COUNT}, so that multiplication shuffles the names and keeps them apart. */
    private static final long SHUFFLE = 61_169;

    private static final List<String> ENDINGS = List.of("", "", "", "n", "r", "l", "x", "th");

    private Names() {}

    /** A name that no other number below 110,592 has. */
    static String unique(int number) {
        int shuffled = (int) ((number + 1) * SHUFFLE % COUNT);
        int size = SYLLABLES.size();
        return SYLLABLES.get(shuffled % size)
                + SYLLABLES.get(shuffled / size % size)
                + SYLLABLES.get(shuffled / size / size)
                + Dice.of("ending", number).pick(ENDINGS);
    }

    /** The first name of a person. */
    static String given(Dice dice) {
        return capitalized(dice.pick(SYLLABLES) + dice.pick(SYLLABLES));
    }

    /** The last name of a person. */
    static String family(Dice dice) {
        return capitalized(dice.pick(SYLLABLES) + dice.pick(SYLLABLES) + dice.pick(SYLLABLES) + dice.pick(ENDINGS));
    }

    private static String capitalized(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static List<String> syllables(String consonants, String vowels) {
        return consonants
                .chars()
                .boxed()
                .flatMap(consonant -> vowels.chars().mapToObj(vowel -> "" + (char) (int) consonant + (char) vowel))
                .toList();
    }
}
