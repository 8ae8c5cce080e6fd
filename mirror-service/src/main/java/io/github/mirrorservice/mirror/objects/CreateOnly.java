package io.github.mirrorservice.mirror.objects;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Tries whether an object store creates an object once when many try at the same time: all that keeps replicas from overwriting
 * each other stands on this. Some stores take {@code If-None-Match} and overlook it.
 */
public final class CreateOnly {

    private static final int WRITERS = 8;

    /** In one alone all might come one after the other, and a store that looks first and writes then would seem to do it right. */
    private static final int ROUNDS = 5;

    private static final int TRIES = 5;
    private static final int MOST_BYTES = 100;

    private CreateOnly() {}

    /**
     * Whether it does; takes as long as some calls. Fails with {@link ObjectStoreException} if the store does not answer.
     * To be called where blocking is allowed.
     */
    public static boolean isAtomic(ObjectStore store) throws IOException {
        boolean atomic = true;
        for (int round = 0; atomic && round < ROUNDS; round++) {
            atomic = once(store);
        }
        return atomic;
    }

    private static boolean once(ObjectStore store) throws IOException {
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<Boolean> verdict = probe(store);
            if (verdict.isPresent()) {
                return verdict.get();
            }
        }
        throw new ObjectStoreException(store + " told nobody that he was first, again and again: its answers are lost");
    }

    /** Nothing if nobody was told that he was first: the answer that said so was lost, and the next one says otherwise. */
    private static Optional<Boolean> probe(ObjectStore store) throws IOException {
        String key = "probe/" + UUID.randomUUID();
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS, CreateOnly::thread);
        try {
            List<Integer> winners = winners(store, key, writers);
            if (winners.isEmpty()) {
                return Optional.empty();
            }
            Optional<ObjectStore.Fetched> kept = store.get(key, MOST_BYTES);
            return Optional.of(winners.size() == 1
                    && kept.isPresent()
                    && kept.get().content().equals(ByteBuffer.wrap(content(winners.get(0)))));
        } finally {
            writers.shutdownNow();
            delete(store, key);
        }
    }

    private static void delete(ObjectStore store, String key) {
        try {
            store.delete(key);
        } catch (IOException away) {
            // Some bytes that nobody reads.
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "mirror-probe");
        thread.setDaemon(true);
        return thread;
    }

    private static List<Integer> winners(ObjectStore store, String key, ExecutorService writers) throws IOException {
        try {
            CountDownLatch ready = new CountDownLatch(WRITERS);
            List<Callable<Boolean>> tries = IntStream.range(0, WRITERS)
                    .<Callable<Boolean>>mapToObj(writer -> () -> {
                        ready.countDown();
                        ready.await();
                        return store.create(key, content(writer));
                    })
                    .toList();
            List<Future<Boolean>> ends = writers.invokeAll(tries);
            List<Integer> winners = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                if (ends.get(writer).get()) {
                    winners.add(writer);
                }
            }
            return winners;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ObjectStoreException("interrupted", interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException broken ? broken : new IOException(failed);
        }
    }

    private static byte[] content(int writer) {
        return Integer.toString(writer).getBytes(US_ASCII);
    }
}
