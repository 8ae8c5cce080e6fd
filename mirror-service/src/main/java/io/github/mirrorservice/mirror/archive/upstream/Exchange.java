package io.github.mirrorservice.mirror.archive.upstream;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;

/** One request and its answer: a turn, and the connection if there is one yet. Closed in any case, by whoever comes first. */
final class Exchange {

    private final Turns.Turn turn;
    private final Disposable.Swap connection = Disposables.swap();

    Exchange(Turns.Turn turn) {
        this.turn = turn;
    }

    Turns.Turn turn() {
        return turn;
    }

    /** Keeps the connection, or closes it if nobody waits for it any more. */
    Answered answered(HttpClientResponse head, Connection carrier) {
        connection.update(carrier);
        return new Answered(head, carrier);
    }

    void close() {
        connection.dispose();
        turn.end();
    }

    /** A head, and the connection on which the body is still to come. */
    record Answered(HttpClientResponse head, Connection connection) {}
}
