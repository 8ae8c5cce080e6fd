package io.github.mirrorservice.mirror.opam.format;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one file: the first few things, so that a hostile file costs no more than a broken one. */
final class Remarks {

    private static final int MAX = 16;

    private final Source source;
    private final List<Diagnostic> diagnostics = new ArrayList<>();

    Remarks(Source source) {
        this.source = source;
    }

    void add(int offset, String message) {
        if (diagnostics.size() < MAX) {
            diagnostics.add(source.at(offset, message));
        }
    }

    List<Diagnostic> all() {
        return List.copyOf(diagnostics);
    }
}
