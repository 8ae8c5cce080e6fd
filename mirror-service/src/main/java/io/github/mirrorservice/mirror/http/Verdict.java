package io.github.mirrorservice.mirror.http;

/** What the conditions of a request make of the answer. */
sealed interface Verdict {

    /** The whole representation. */
    record Whole() implements Verdict {}

    /**
     * A part of it.
     *
     * @param first the position of the first byte, from 0
     * @param last the position of the last byte, which is part of it
     */
    record Part(long first, long last) implements Verdict {
        long length() {
            return last - first + 1;
        }
    }

    /** The client has it already: 304. */
    record NotModified() implements Verdict {}

    /** The client wants it only in a state that it is not in: 412. */
    record Failed() implements Verdict {}

    /** The client wants a part that does not exist: 416. */
    record Unsatisfiable() implements Verdict {}
}
