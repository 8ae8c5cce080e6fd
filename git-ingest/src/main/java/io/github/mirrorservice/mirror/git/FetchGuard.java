package io.github.mirrorservice.mirror.git;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jgit.util.IO;
import org.eclipse.jgit.util.NB;

/**
 * What one fetch may still cost, and the way to break it off.
 *
 * <p>JGit believes the remote: it allocates what a pack declares, keeps every reference that is advertised and reads as
 * long as bytes come. Everything that comes from the remote therefore passes through here and is counted.
 */
final class FetchGuard {

    private static final int PACK_HEADER = 12;
    private static final int PACK_OBJECT_COUNT = 8;

    /**
     * How often a pack may multiply when it is inflated, beyond a free part. Honest packs multiply by up to a hundred
     * (every version of a large folder is a small delta); a bomb of a few bytes multiplies without bounds.
     */
    private static final long INFLATION = 500;

    private static final long FREE_INFLATION = 64 << 20;

    private final GitLimits limits;
    private final long deadline;
    private final Queue<Closeable> lines = new ConcurrentLinkedQueue<>();
    private volatile boolean cut;
    private Optional<Thread> thread = Optional.empty();

    private long received;
    private long inflated;

    /** These are read by others while the fetch runs. */
    private final AtomicLong packed = new AtomicLong();

    private final AtomicLong taken = new AtomicLong();
    private volatile long announced;

    FetchGuard(GitLimits limits) {
        this.limits = limits;
        this.deadline = System.nanoTime() + limits.exchange().total().toNanos();
    }

    GitLimits limits() {
        return limits;
    }

    /** Says that the fetch is done by the calling thread from now on. */
    synchronized void enter() {
        thread = Optional.of(Thread.currentThread());
    }

    /**
     * Says that the fetch has ended: there is nothing left to break off.
     *
     * @return whether it was broken off before
     */
    synchronized boolean finish() {
        thread = Optional.empty();
        lines.clear();
        return cut;
    }

    /** Breaks the fetch off, unless it has ended: what waits is woken, and whatever still runs fails at its next step. */
    void cut() {
        synchronized (this) {
            cut = true;
            thread.ifPresent(Thread::interrupt);
        }
        lines.forEach(FetchGuard::closeQuietly);
    }

    /** Registers a line to the remote that is closed when the fetch is broken off. */
    void closeOnCut(Closeable line) {
        lines.add(line);
        if (cut) {
            closeQuietly(line);
        }
    }

    /** Fails if the fetch was broken off or has taken too long. */
    void check() {
        if (cut || System.nanoTime() - deadline > 0) {
            throw late(limits);
        }
    }

    static GitException late(GitLimits limits) {
        return new GitException.Unreachable("the fetch was broken off, at the latest after its limit of "
                + limits.exchange().total().toSeconds() + " s. Remedy: try again, or raise the limit.");
    }

    /** The same stream, counted. */
    InputStream watch(InputStream line) {
        return new Counted(line);
    }

    /**
     * Looks at the head of a pack before JGit does.
     *
     * @return the whole pack, counted
     */
    InputStream pack(InputStream line) throws IOException {
        byte[] header = new byte[PACK_HEADER];
        IO.readFully(line, header, 0, PACK_HEADER);
        long objects = NB.decodeUInt32(header, PACK_OBJECT_COUNT);
        if (objects > limits.pack().objects()) {
            throw tooMuch("a pack of " + objects + " objects", limits.pack().objects());
        }
        packed.set(PACK_HEADER);
        announced = objects;
        return new SequenceInputStream(new ByteArrayInputStream(header), new CountedPack(line));
    }

    /** Counts bytes of an object, or all of them, that was taken out of the pack. */
    void inflated(long bytes) {
        check();
        inflated += bytes;
        long most = FREE_INFLATION + INFLATION * packed.get();
        if (inflated > most) {
            throw tooMuch("objects of " + inflated + " bytes in a pack of " + packed + " bytes", most);
        }
    }

    /** Counts an object that was taken out of the pack as a whole. */
    void taken() {
        taken.incrementAndGet();
    }

    /** How far the pack has come, if one is coming; may be asked by any thread. */
    Optional<Transfer> transfer() {
        return announced == 0
                ? Optional.empty()
                : Optional.of(new Transfer(packed.get(), Math.min(taken.get(), announced), announced));
    }

    private void received(int bytes) {
        check();
        received += bytes;
        // What is not pack is kept: references, and the messages that may come between the bytes of the pack.
        if (received - packed.get() > limits.exchange().talkBytes()) {
            throw tooMuch("too much that is not pack", limits.exchange().talkBytes());
        }
    }

    private void packed(int bytes) {
        check();
        if (packed.addAndGet(bytes) > limits.pack().bytes()) {
            throw tooMuch("a pack that is too long", limits.pack().bytes());
        }
    }

    private static GitException tooMuch(String what, long limit) {
        return new GitException.Corrupt("the remote sends " + what + " (limit " + limit
                + "). Remedy: look at the remote; if it is sound, raise the limit.");
    }

    private static void closeQuietly(Closeable line) {
        try {
            line.close();
        } catch (IOException e) {
            // It is broken off on purpose; nobody waits for its last words.
        }
    }

    private class Counted extends FilterInputStream {

        Counted(InputStream line) {
            super(line);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            count(Math.max(0, read));
            return read;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        void count(int bytes) {
            received(bytes);
        }
    }

    private final class CountedPack extends Counted {

        CountedPack(InputStream line) {
            super(line);
        }

        @Override
        void count(int bytes) {
            packed(bytes);
        }
    }
}
