package io.github.mirrorservice.mirror.archive;

import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Gives what a test hands it, when the test hands it; counts how often it was asked. */
public final class ScriptedFetcher implements Fetcher {

    private final ArchiveStore store;
    private final List<Try> tries = new CopyOnWriteArrayList<>();

    /** One that puts into this store. */
    public ScriptedFetcher(ArchiveStore store) {
        this.store = store;
    }

    @Override
    public Mono<Archive> fetch(Wanted wanted, Consumer<Arrival> arrivals) {
        return Mono.defer(() -> {
            Try next = new Try(wanted, arrivals);
            tries.add(next);
            return next.end.asMono();
        });
    }

    /** How often something was fetched. */
    public int count() {
        return tries.size();
    }

    /** The same, as soon as it is asked for. */
    public Try await(int n) {
        Flux.interval(Duration.ofMillis(2)).filter(tick -> tries.size() > n).blockFirst(Stores.PATIENCE);
        return get(n);
    }

    /** What was asked for at the n-th time, from 0. */
    public Try get(int n) {
        return tries.get(n);
    }

    /** One archive that is asked for. */
    public final class Try {

        private final Wanted wanted;
        private final Consumer<Arrival> arrivals;
        private final Sinks.One<Archive> end = Sinks.one();
        private Optional<Arrival> arrival = Optional.empty();

        private Try(Wanted wanted, Consumer<Arrival> arrivals) {
            this.wanted = wanted;
            this.arrivals = arrivals;
        }

        /** A source answers. */
        public void begin(OptionalLong announced) {
            Deposit deposit = Objects.requireNonNull(store.deposit().block(Stores.PATIENCE));
            Arrival begun = new Arrival(wanted, deposit, announced);
            arrival = Optional.of(begun);
            arrivals.accept(begun);
        }

        /** It sends some bytes. */
        public void send(byte[] bytes) throws IOException {
            for (ByteBuffer all = ByteBuffer.wrap(bytes); all.hasRemaining(); ) {
                int piece = Math.min(all.remaining(), 32_768);
                arrival.orElseThrow().append(all.slice(all.position(), piece));
                all.position(all.position() + piece);
            }
        }

        /** It has sent all. */
        public void end() throws IOException {
            try (Arrival whole = arrival.orElseThrow()) {
                end.tryEmitValue(whole.keep());
            } catch (ArchiveException.Source wrong) {
                fail(wrong.reason());
            }
        }

        /** It breaks off. */
        public void breakOff() throws IOException {
            arrival.orElseThrow().close();
        }

        /** No source is left. */
        public void fail(Reason reason) {
            end.tryEmitError(new ArchiveException.Unavailable(List.of(new SourceFailure(
                    SourceFailure.Kind.ORIGIN, "origin.example", reason, "no luck", Optional.empty()))));
        }
    }
}
