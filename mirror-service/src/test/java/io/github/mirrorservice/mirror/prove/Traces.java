package io.github.mirrorservice.mirror.prove;

import java.util.List;

/** Traces made by hand; times are milliseconds. */
final class Traces {

    static final Cell SHARED_ALONE = new Cell("memory", "shared", true, 1);

    private Traces() {}

    static Sample sample(long due, long done) {
        return new Sample(nanos(due), nanos(due), nanos(done), true);
    }

    static Window window(Window.Kind kind, long from, long to) {
        return new Window(kind, nanos(from), nanos(to));
    }

    static Trace trace(Cell cell, List<Sample> samples, Window... windows) {
        return new Trace(cell, 0, samples, List.of(windows));
    }

    static long nanos(long millis) {
        return millis * 1_000_000;
    }
}
