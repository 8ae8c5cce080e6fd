package io.github.mirrorservice.mirror.prove;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A stretch of time in which at least one request was on its way and none was answered. What was due but not sent yet, because
 * whoever measures was kept from it, is not the mirror's silence.
 *
 * @param from when the first of those that waited was sent
 * @param to when the next answer came
 */
record Silence(long from, long to) {

    /** All of them, in order of time. A request that failed was on its way, but its end is no answer. */
    static List<Silence> in(List<Sample> samples) {
        List<Sample> byEnd =
                samples.stream().sorted(Comparator.comparingLong(Sample::done)).toList();
        long[] firstSent = firstSentFrom(byEnd);
        List<Silence> silences = new ArrayList<>();
        long from = Long.MIN_VALUE;
        int next = 0;
        for (int i = 0; i < byEnd.size(); i++) {
            if (byEnd.get(i).served()) {
                long begin = Math.max(from, firstSent[next]);
                long end = byEnd.get(i).done();
                if (begin < end) {
                    silences.add(new Silence(begin, end));
                }
                from = end;
                next = i + 1;
            }
        }
        return silences;
    }

    /** For each sample the time since when the first of those that are answered with it or later waits. */
    private static long[] firstSentFrom(List<Sample> byEnd) {
        long[] firstSent = new long[byEnd.size()];
        long first = Long.MAX_VALUE;
        for (int i = byEnd.size() - 1; i >= 0; i--) {
            first = Math.min(first, byEnd.get(i).sent());
            firstSent[i] = first;
        }
        return firstSent;
    }

    /** Nanoseconds. */
    long length() {
        return to - from;
    }
}
