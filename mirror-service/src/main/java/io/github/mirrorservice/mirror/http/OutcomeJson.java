package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.opam.Outcome;

/** How an ingest ended, as it is told to programs. */
public final class OutcomeJson {

    private OutcomeJson() {}

    /** Such as {@code {"outcome":"published","commit":"…"}}. */
    public static String of(Outcome outcome) {
        if (outcome instanceof Outcome.Changed changed) {
            return commit("published", changed.snapshot().revision());
        }
        if (outcome instanceof Outcome.Unchanged unchanged) {
            return commit("unchanged", unchanged.snapshot().revision());
        }
        if (outcome instanceof Outcome.Held held) {
            return problem("held", held.reason(), held.message());
        }
        Outcome.Failed failed = (Outcome.Failed) outcome;
        return problem("failed", failed.reason(), failed.message());
    }

    private static String commit(String word, String commit) {
        return new Json().put("outcome", word).put("commit", commit).end();
    }

    private static String problem(String word, String reason, String message) {
        return new Json()
                .put("outcome", word)
                .put("reason", reason)
                .put("message", message)
                .end();
    }
}
