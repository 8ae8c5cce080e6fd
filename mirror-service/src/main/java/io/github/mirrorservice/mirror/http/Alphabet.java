package io.github.mirrorservice.mirror.http;

import java.util.BitSet;

/** A set of characters that a text may be spelled with. */
final class Alphabet {

    static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static final String DIGITS = "0123456789";

    private final BitSet members = new BitSet();

    Alphabet(String members) {
        members.chars().forEach(this.members::set);
    }

    boolean has(char character) {
        return members.get(character);
    }

    /** Whether {@code text} has no other characters from {@code from} on up to, but not at, {@code to}. */
    boolean spells(String text, int from, int to) {
        for (int at = from; at < to; at++) {
            if (!has(text.charAt(at))) {
                return false;
            }
        }
        return true;
    }
}
