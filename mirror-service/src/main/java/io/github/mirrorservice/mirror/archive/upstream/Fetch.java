package io.github.mirrorservice.mirror.archive.upstream;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.ArchiveWatch;
import io.github.mirrorservice.mirror.archive.Arrival;
import io.github.mirrorservice.mirror.archive.SourceFailure;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;
import reactor.util.retry.Retry.RetrySignal;

/**
 * One archive being fetched: its sources are asked one after the other, each a few times if that may help. A try that breaks
 * off is taken up where it ended if the source can do that; else what had come is dropped, so that no reader ever sees
 * bytes of two tries.
 */
final class Fetch {

    /** How many buffers wait to be written. */
    private static final int BUFFERS = 8;

    private final Wanted wanted;
    private final Means means;
    private final Consumer<Arrival> arrivals;
    private final List<SourceFailure> failures = new CopyOnWriteArrayList<>();
    private volatile Optional<Source> asked = Optional.empty();
    private volatile Optional<Arrival> arrival = Optional.empty();
    private volatile Optional<String> validator = Optional.empty();

    Fetch(Wanted wanted, Means means, Consumer<Arrival> arrivals) {
        this.wanted = wanted;
        this.means = means;
        this.arrivals = arrivals;
    }

    /**
     * What all fetches share.
     *
     * @param store where archives are kept
     * @param origin how hosts are asked
     * @param tries how much is tried
     * @param watch is told how it goes
     * @param bulk where bytes are digested and written
     * @param timer where time is measured
     */
    record Means(ArchiveStore store, Origin origin, Tries tries, ArchiveWatch watch, Scheduler bulk, Scheduler timer) {}

    /** Emits the archive once it is kept. Fails if no source gives it, or the store cannot take it. */
    Mono<Archive> from(List<Source> sources) {
        return Flux.fromIterable(sources)
                .concatMap(this::from, 1)
                .next()
                .timeout(means.tries().total(), Mono.defer(this::late), means.timer())
                .switchIfEmpty(Mono.error(() -> new ArchiveException.Unavailable(failures)));
    }

    /** It takes too long in all, so the source that is being asked is the last. */
    private Mono<Archive> late() {
        return Mono.justOrEmpty(asked).flatMap(source -> note(source, NetworkFailures.tooSlow(source.host())));
    }

    private Mono<Archive> from(Source source) {
        return Mono.defer(() -> ask(source))
                .doFirst(() -> asked = Optional.of(source))
                .retryWhen(Retry.from(tries -> tries.concatMap(this::pause)))
                .onErrorResume(ArchiveException.Source.class, failure -> note(source, failure))
                .elapsed(means.timer())
                .doOnNext(had -> means.watch()
                        .fetched(
                                source.kind(),
                                Duration.ofMillis(had.getT1()),
                                had.getT2().length()))
                .map(had -> had.getT2());
    }

    private Mono<Archive> ask(Source source) {
        long before = length();
        return means.origin()
                .get(new Request(source.url(), source.trusted(), resume()), this::receive)
                .onErrorResume(ArchiveException.Source.class, failure -> afresh(before, failure))
                .then(keep())
                .onErrorMap(IOException.class, Fetch::broken);
    }

    private long length() {
        return arrival.map(Arrival::length).orElse(0L);
    }

    /** What is there cannot be the beginning of what the source has now if it does not give the rest: next time, all of it. */
    private Mono<Void> afresh(long before, ArchiveException.Source failure) {
        boolean useless = failure.reason() == Reason.TRUNCATED && length() == before;
        return (useless ? drop() : Mono.<Void>empty()).then(Mono.error(failure));
    }

    /** What is verified takes no more bytes: if it is wrong, it goes. */
    private Mono<Archive> keep() {
        return Mono.fromCallable(() -> arrival.orElseThrow().keep())
                .subscribeOn(means.bulk())
                .onErrorResume(ArchiveException.Source.class, failure -> drop().then(Mono.error(failure)));
    }

    private Optional<Resume> resume() {
        return arrival.filter(begun -> begun.length() > 0)
                .flatMap(begun -> validator.map(tag -> new Resume(begun.length(), tag)));
    }

    private Publisher<Void> receive(Reply reply) {
        return place(reply)
                .flatMapMany(begun -> Buffers.use(reply.body(), means.bulk(), BUFFERS, bytes -> append(begun, bytes)))
                .then();
    }

    /** Where the body goes: behind what has come already, or to a new place. */
    private Mono<Arrival> place(Reply reply) {
        return reply.from() > 0
                ? Mono.justOrEmpty(arrival)
                : drop().then(means.store().deposit()).map(deposit -> {
                    Arrival begun = new Arrival(wanted, deposit, reply.length());
                    arrival = Optional.of(begun);
                    validator = reply.validator();
                    arrivals.accept(begun);
                    return begun;
                });
    }

    private static void append(Arrival arrival, ByteBuf bytes) {
        try {
            arrival.append(bytes.nioBuffer());
        } catch (IOException failed) {
            throw Exceptions.propagate(broken(failed));
        }
    }

    private static ArchiveException.Store broken(IOException failed) {
        return new ArchiveException.Store(
                "cannot keep an archive (" + failed + "): check the space and the permissions of the data directory",
                failed);
    }

    /** Emits when to try again, or fails as the try did if that would not help. */
    private Mono<Long> pause(RetrySignal failed) {
        if (!(failed.failure() instanceof ArchiveException.Source source)
                || !source.reason().passing()
                || failed.totalRetries() >= means.tries().again()) {
            return Mono.error(failed.failure());
        }
        Duration backoff = means.tries().firstPause().multipliedBy(1L << failed.totalRetries());
        double jitter = ThreadLocalRandom.current().nextDouble(0.5, 1.5);
        Duration pause = source.retryAfter().orElse(Duration.ofMillis((long) (backoff.toMillis() * jitter)));
        return pause.compareTo(means.tries().longestPause()) > 0
                ? Mono.error(source)
                : Mono.delay(pause, means.timer());
    }

    private Mono<Archive> note(Source source, ArchiveException.Source failure) {
        SourceFailure noted = new SourceFailure(
                source.kind(), source.host(), failure.reason(), failure.getMessage(), failure.retryAfter());
        failures.add(noted);
        means.watch().failed(noted);
        return drop().then(Mono.empty());
    }

    /** Gives up what has come, if anything has; what is kept stays. */
    Mono<Void> drop() {
        return Mono.defer(() -> Mono.justOrEmpty(arrival))
                .doOnNext(given -> arrival = Optional.empty())
                .publishOn(means.bulk())
                .handle((given, sink) -> close(given));
    }

    private static void close(Arrival given) {
        try {
            given.close();
        } catch (IOException failed) {
            throw Exceptions.propagate(broken(failed));
        }
    }
}
