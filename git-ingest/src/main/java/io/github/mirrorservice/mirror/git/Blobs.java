package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * Reads the blobs of one subscription, one after the other.
 *
 * <p>A cancel may come from another thread in the middle of a read. JGit's reader must not be closed then, because it
 * gives its inflater back for others to use: whoever comes last closes.
 */
final class Blobs {

    private enum State {
        IDLE,
        READING,
        CLOSED
    }

    private final Store.Lease lease;
    private final ObjectReader reader;
    private final int limit;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

    Blobs(Store.Lease lease, GitLimits.Tree limits) {
        this.lease = lease;
        this.reader = lease.repository().newObjectReader();
        this.limit = limits.blobBytes();
    }

    Blob read(BlobId id) {
        if (!state.compareAndSet(State.IDLE, State.READING)) {
            throw new CancellationException("the reading was cancelled");
        }
        try {
            return load(id);
        } catch (IOException | VirtualMachineError e) {
            // Reactor would not pass an OutOfMemoryError on, and the subscriber would wait for ever.
            throw Failures.unchecked(e);
        } finally {
            if (!state.compareAndSet(State.READING, State.IDLE)) {
                release();
            }
        }
    }

    void close() {
        if (state.getAndSet(State.CLOSED) == State.IDLE) {
            release();
        }
    }

    private Blob load(BlobId id) throws IOException {
        ObjectLoader blob = reader.open(ObjectId.fromString(id.hex()), Constants.OBJ_BLOB);
        if (blob.getSize() > limit) {
            throw new GitException.Corrupt("blob " + id + " has " + blob.getSize() + " bytes, more than the limit of "
                    + limit + ". Remedy: remove it from the repository, or raise the limit.");
        }
        return new Blob(id, blob.getCachedBytes(limit));
    }

    private void release() {
        reader.close();
        lease.close();
    }
}
