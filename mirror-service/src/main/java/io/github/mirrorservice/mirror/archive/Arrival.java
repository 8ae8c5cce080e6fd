package io.github.mirrorservice.mirror.archive;

import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.SynchronousSink;

/**
 * An archive on its way from one source: one writer appends what comes, any number of readers follow at their own pace. They
 * read what is in the store's place already, so that a thousand of them take no memory. The last piece is kept back until
 * the digests are known to be right: a wrong archive never reaches its end.
 *
 * <p>The writer's calls come from one thread at a time, where blocking is allowed.
 */
public final class Arrival implements AutoCloseable {

    /** What is no larger, or of unknown size, is verified before its first byte is handed on. */
    static final int SMALL = 256 * 1024;

    /** How much is kept back. */
    private static final int LAST_PIECE = 64 * 1024;

    /** Readers are told of so many new bytes at once, or of fewer when that takes longer than {@link #PERIOD}. */
    private static final int STEP = 256 * 1024;

    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(20);

    private final Wanted wanted;
    private final Deposit deposit;
    private final OptionalLong announced;
    private final Sinks.Many<Long> safe = Sinks.many().replay().latest();
    private Optional<Archive> kept = Optional.empty();
    private boolean closed;
    private long told;
    private long toldAt = System.nanoTime() - PERIOD;

    /**
     * Nothing has come yet.
     *
     * @param wanted what it has to be
     * @param deposit where it comes to; closed with this
     * @param announced the size that the source says it has, if it does
     */
    public Arrival(Wanted wanted, Deposit deposit, OptionalLong announced) {
        this.wanted = wanted;
        this.deposit = deposit;
        this.announced = announced;
    }

    /** The size that the source says it has, if it does. */
    public OptionalLong announced() {
        return announced;
    }

    /** How many bytes have come. */
    public long length() {
        return deposit.length();
    }

    /** Emits this as soon as some of it can be handed on before all of it is verified, or nothing if that never happens. */
    Mono<Arrival> begun() {
        return safe.asFlux()
                .onErrorComplete()
                .next()
                .filter(some -> streams() && !isGivenUp())
                .map(some -> this);
    }

    private boolean streams() {
        return announced.orElse(0) > SMALL;
    }

    private synchronized boolean isGivenUp() {
        return closed && kept.isEmpty();
    }

    /**
     * Emits the bytes, from the first to the last, in parts. Fails as the writer does: what was emitted then is not the
     * archive, and never all of it.
     */
    public Flux<Content.Part> parts() {
        return Flux.defer(() -> retain()
                ? Flux.using(Reader::new, this::follow, reader -> ReferenceCountUtil.release(deposit.content()))
                : fromTheStore());
    }

    /** Whoever reads keeps the place open, however slow he is; false if it is closed. */
    private boolean retain() {
        try {
            ReferenceCountUtil.retain(deposit.content());
            return true;
        } catch (IllegalReferenceCountException closed) {
            return false;
        }
    }

    private Flux<Content.Part> follow(Reader reader) {
        return safe.asFlux().onBackpressureLatest().handle(reader::advance);
    }

    /** For whoever comes when all is over. */
    private synchronized Flux<Content.Part> fromTheStore() {
        return kept.map(archive -> archive.content().parts(0, archive.length()))
                .orElseGet(() -> safe.asFlux().thenMany(Flux.empty()));
    }

    /** Adds bytes at the end. */
    public void append(ByteBuffer bytes) throws IOException {
        deposit.append(bytes);
        long handedOn = handedOn(deposit.length());
        if (handedOn > told && isTimeToTell(handedOn)) {
            tell(handedOn);
        }
    }

    /** How much of what has come may be handed on: all but the last piece, and nothing if nobody knows which that is. */
    private long handedOn(long come) {
        return streams() ? Math.min(come, announced.getAsLong() - LAST_PIECE) : 0;
    }

    private boolean isTimeToTell(long handedOn) {
        return handedOn - told >= STEP || System.nanoTime() - toldAt >= PERIOD;
    }

    private void tell(long handedOn) {
        told = handedOn;
        toldAt = System.nanoTime();
        safe.tryEmitNext(handedOn);
    }

    /**
     * Verifies what has come, lets the readers have the last piece, and keeps it in the store.
     *
     * @throws ArchiveException.Source if it is not what it has to be, or not as long as the readers were told
     * @throws IOException if the store cannot keep it
     */
    public Archive keep() throws IOException {
        if (!wanted.accepts(deposit.digests())) {
            throw new ArchiveException.Source(
                    ArchiveException.Reason.MISMATCH,
                    "gave %d bytes that hash to %s where %s was asked for: they were changed, or the metadata is wrong"
                            .formatted(deposit.length(), deposit.digests().sha256(), wanted.key()));
        }
        if (announced.orElse(deposit.length()) != deposit.length()) {
            throw new ArchiveException.Source(
                    ArchiveException.Reason.TRUNCATED,
                    "gave %d bytes where it said %d at first. Remedy: ask for all of it again"
                            .formatted(deposit.length(), announced.getAsLong()));
        }
        tell(deposit.length());
        Archive archive = deposit.keep();
        finish(archive);
        return archive;
    }

    private synchronized void finish(Archive archive) {
        kept = Optional.of(archive);
        safe.tryEmitComplete();
    }

    /** Gives the place up; readers that are not at the end by now are cut off there. */
    @Override
    public void close() throws IOException {
        if (end()) {
            safe.tryEmitError(new ArchiveException.Source(
                    ArchiveException.Reason.TRUNCATED, "the source broke off, or gave other bytes than it should"));
            deposit.close();
        }
    }

    private synchronized boolean end() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    /** A part of what has come; none once that is given up, or its reader has left. */
    private synchronized Optional<ReferenceCounted> part(long first, long count) {
        try {
            return closed && kept.isEmpty()
                    ? Optional.empty()
                    : Optional.of(deposit.content().part(first, count));
        } catch (IllegalReferenceCountException left) {
            return Optional.empty();
        }
    }

    /** Where one reader is. */
    private final class Reader {

        private long position;

        void advance(long safe, SynchronousSink<Content.Part> sink) {
            if (safe > position) {
                long first = position;
                position = safe;
                sink.next(() -> part(first, safe - first));
            }
        }
    }
}
