package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * The fetches of one mirror: each on a thread of the blocking lane, one at a time, and with another thread at hand that
 * can break it off.
 *
 * <p>A cancel is not passed to the worker that fetches. Reactor would think its thread idle and give it other work,
 * while JGit may still hang in a read from the network; the worker is given back when the fetch has really ended.
 */
final class Fetches {

    private final GitRemote remote;
    private final GitLimits limits;
    private final Store store;
    private final Scheduler blocking;
    private final Capabilities capabilities = new Capabilities();
    private final ReentrantLock turn = new ReentrantLock();
    private volatile Optional<FetchGuard> underWay = Optional.empty();

    Fetches(GitRemote remote, GitLimits limits, Store store, Scheduler blocking) {
        this.remote = remote;
        this.limits = limits;
        this.store = store;
        this.blocking = blocking;
    }

    Mono<Commit> fetch() {
        return Mono.<Commit>create(this::start).timeout(limits.exchange().total(), Mono.error(this::late), blocking);
    }

    /** How far the pack of the fetch under way has come, if there are both. */
    Optional<Transfer> transfer() {
        return underWay.flatMap(FetchGuard::transfer);
    }

    private void start(MonoSink<Commit> sink) {
        FetchGuard guard = new FetchGuard(limits);
        Scheduler.Worker breaker = blocking.createWorker();
        Scheduler.Worker fetcher = blocking.createWorker();
        sink.onDispose(() -> breaker.schedule(() -> {
            guard.cut();
            breaker.dispose();
        }));
        fetcher.schedule(() -> {
            run(guard, sink);
            fetcher.dispose();
        });
    }

    private void run(FetchGuard guard, MonoSink<Commit> sink) {
        try {
            guard.enter();
            guard.check();
            Commit commit = fetch(guard);
            guard.finish();
            sink.success(commit);
        } catch (Exception | VirtualMachineError e) {
            // Also an OutOfMemoryError: nobody else would tell the subscriber, who would wait for ever.
            failed(e, guard.finish(), sink);
        }
    }

    private Commit fetch(FetchGuard guard) throws IOException, InterruptedException {
        turn.lockInterruptibly();
        underWay = Optional.of(guard);
        try {
            store.mend();
            Fetching.Fetched fetched;
            try (Store.Lease lease = store.lease()) {
                fetched = new Fetching(remote, capabilities, guard).into(lease.repository());
            }
            if (!fetched.isNew()) {
                store.tidy();
            }
            return fetched.commit();
        } finally {
            underWay = Optional.empty();
            turn.unlock();
        }
    }

    private void failed(Throwable thrown, boolean cut, MonoSink<Commit> sink) {
        capabilities.forget();
        if (Failures.isDamage(thrown)) {
            store.damaged();
        }
        if (!cut) {
            sink.error(Failures.fetching(thrown, remote));
        }
    }

    private GitException late() {
        return Failures.fetching(FetchGuard.late(limits), remote);
    }
}
