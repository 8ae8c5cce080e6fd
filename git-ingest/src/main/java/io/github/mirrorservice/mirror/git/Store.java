package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * The repository of a mirror: opened at first use, lent to those who read it, and tidied or made anew between them.
 *
 * <p>Git objects can be fetched again at any time, so nothing here is repaired: a store that is damaged is emptied.
 */
final class Store implements AutoCloseable {

    /** How the files are reached. */
    @FunctionalInterface
    interface Opening {
        PackFiles open() throws IOException;
    }

    @FunctionalInterface
    private interface Work {
        void on(PackRepository repository) throws IOException;
    }

    private static final int LONG = 2;

    private final Opening opening;
    private final StampedLock users = new StampedLock();
    private volatile boolean damaged;
    private boolean closed;
    private @Nullable PackRepository repository;

    Store(Opening opening) {
        this.opening = opening;
    }

    /** Lends the repository; it stays as it is, but for what is added, until the lease is closed. */
    Lease lease() throws IOException {
        long stamp = users.readLock();
        try {
            return new Lease(open(), () -> users.unlockRead(stamp));
        } catch (IOException | RuntimeException e) {
            users.unlockRead(stamp);
            throw e;
        }
    }

    /** Notes that something could not be read: the next fetch starts anew. */
    void damaged() {
        damaged = true;
    }

    /**
     * Makes the store fit for a fetch: empties it if it is damaged. It is also compacted when nobody has come to
     * {@link #tidy} for long.
     */
    void mend() throws IOException {
        if (damaged) {
            alone(this::empty);
        } else if (open().isCrowded(LONG)) {
            alone(this::compact);
        }
    }

    /** Compacts the store if that pays: best when there is nothing else to do, for it takes half a second. */
    void tidy() throws IOException {
        if (open().isCrowded(1)) {
            alone(this::compact);
        }
    }

    /** Readers come first: while there are any, it is put off to the next fetch. */
    private void alone(Work work) throws IOException {
        long stamp = users.tryWriteLock();
        if (stamp != 0) {
            try {
                work.on(open());
            } finally {
                users.unlockWrite(stamp);
            }
        }
    }

    private void empty(PackRepository crowded) throws IOException {
        crowded.clear();
        damaged = false;
    }

    private void compact(PackRepository crowded) throws IOException {
        try {
            crowded.compact();
        } catch (IOException e) {
            empty(crowded);
        }
    }

    private synchronized PackRepository open() throws IOException {
        if (closed) {
            throw new GitException.Storage("the mirror is closed. Remedy: ask it before.");
        }
        if (repository == null) {
            repository = recovered(PackRepository.over(opening.open()));
        }
        return repository;
    }

    /** What cannot be made usable now is opened anew by the next who asks, and must not be in use then. */
    private static PackRepository recovered(PackRepository opened) throws IOException {
        try {
            opened.recover();
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (repository != null) {
            repository.close();
            repository = null;
        }
    }

    /** The right to read the repository; closing it twice does no harm. */
    static final class Lease implements AutoCloseable {

        private final PackRepository repository;
        private final Runnable giveBack;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Lease(PackRepository repository, Runnable giveBack) {
            this.repository = repository;
            this.giveBack = giveBack;
        }

        PackRepository repository() {
            return repository;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                giveBack.run();
            }
        }
    }
}
