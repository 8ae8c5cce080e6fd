package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectReader;
import reactor.core.publisher.SynchronousSink;

/** The changes of one subscription, and what has to be given back after it. */
final class Changes {

    private final Store.Lease lease;
    private final ObjectReader reader;
    private final TreeSource source;

    private Changes(Store.Lease lease, ObjectReader reader, TreeSource source) {
        this.lease = lease;
        this.reader = reader;
        this.source = source;
    }

    static Changes open(Store.Lease lease, Trees trees, Optional<CommitId> from, CommitId to) {
        ObjectReader reader = lease.repository().newObjectReader();
        try {
            return new Changes(lease, reader, trees.changes(lease.repository(), reader, from, to));
        } catch (IOException | RuntimeException e) {
            reader.close();
            lease.close();
            throw Failures.reading(e);
        }
    }

    Changes emit(SynchronousSink<TreeChange> sink) {
        try {
            source.next().ifPresentOrElse(sink::next, sink::complete);
            return this;
        } catch (IOException | VirtualMachineError e) {
            // Reactor would not pass an OutOfMemoryError on, and the subscriber would wait for ever.
            throw Failures.unchecked(e);
        }
    }

    void close() {
        reader.close();
        lease.close();
    }
}
