package io.github.mirrorservice.mirror.opam;

import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** The ledger of a mirror that publishes alone: a file on its disk. */
public final class SoleLedger implements Ledger {

    private final SnapshotFile file;
    private final String repository;

    /** For the snapshots of this repository; those of others are passed over. */
    public SoleLedger(SnapshotFile file, String repository) {
        this.file = file;
        this.repository = repository;
    }

    @Override
    public Mono<Snapshot> restore(Consumer<Snapshot> serve) {
        return file.restore()
                .filter(snapshot -> snapshot.repository().equals(repository))
                .doOnNext(serve);
    }

    @Override
    public Turn turn() {
        return (next, serve) -> file.save(next).doOnNext(serve);
    }

    @Override
    public Mono<Void> settled() {
        return file.settled();
    }
}
