package io.github.mirrorservice.mirror;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.IntStream;

/** What somebody may have meant to write. */
final class Nearest {

    private Nearest() {}

    /** The one of these words, of which there is at least one, that is nearest to what was written. */
    static String of(String written, Collection<String> words) {
        return words.stream()
                .min(Comparator.comparingInt(word -> distance(written, word)))
                .orElseThrow();
    }

    /** How many letters must be changed, added or removed to make one word the other (Levenshtein). */
    private static int distance(String from, String to) {
        int[] row = IntStream.rangeClosed(0, to.length()).toArray();
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
