package io.github.mirrorservice.mirror.archive.upstream;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Lets a bounded number of requests go on, to each host and in all, first come, first served. */
final class Turns {

    private final UpstreamSettings settings;
    private final Map<String, Integer> running = new HashMap<>();
    private final Set<Turn> waiting = new LinkedHashSet<>();
    private int total;

    Turns(UpstreamSettings settings) {
        this.settings = settings;
    }

    /** A turn that has to be entered, and ended in any case. */
    Turn to(String host) {
        return new Turn(host);
    }

    private void grant(List<Turn> granted) {
        granted.forEach(turn -> turn.come.tryEmitEmpty());
    }

    private synchronized List<Turn> next() {
        List<Turn> granted = new ArrayList<>();
        Iterator<Turn> candidates = waiting.iterator();
        while (total < settings.together() && candidates.hasNext()) {
            Turn turn = candidates.next();
            if (running.getOrDefault(turn.host, 0) < settings.perHost()) {
                candidates.remove();
                turn.start();
                granted.add(turn);
            }
        }
        return granted;
    }

    /** One request's place among the others. */
    final class Turn {

        private final String host;
        private final Sinks.Empty<Void> come = Sinks.empty();
        private boolean holds;

        private Turn(String host) {
            this.host = host;
        }

        /** Completes when it has come; fails if too many wait already. */
        Mono<Void> enter() {
            return Mono.defer(() -> {
                List<Turn> granted = queue();
                if (isOneTooMany()) {
                    return Mono.error(new ArchiveException.Source(
                            Reason.BUSY, "too many requests wait for their turn. Remedy: ask again later"));
                }
                grant(granted);
                return come.asMono();
            });
        }

        /** Gives its place to others; again and again does no harm. */
        void end() {
            leave();
            grant(next());
        }

        private List<Turn> queue() {
            synchronized (Turns.this) {
                waiting.add(this);
                return next();
            }
        }

        /** Whether it would have to wait behind as many as may; then it does not. */
        private boolean isOneTooMany() {
            synchronized (Turns.this) {
                return waiting.size() > settings.waiting() && waiting.remove(this);
            }
        }

        private void start() {
            holds = true;
            total++;
            running.merge(host, 1, Integer::sum);
        }

        private void leave() {
            synchronized (Turns.this) {
                waiting.remove(this);
                if (holds) {
                    holds = false;
                    total--;
                    running.computeIfPresent(host, (name, count) -> count == 1 ? null : count - 1);
                }
            }
        }
    }
}
