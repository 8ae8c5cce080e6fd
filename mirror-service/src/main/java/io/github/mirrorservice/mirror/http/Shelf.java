package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.http.Conditional.Validators;
import io.github.mirrorservice.mirror.opam.Body;
import io.github.mirrorservice.mirror.opam.Published;
import io.github.mirrorservice.mirror.opam.Snapshot;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The published snapshot as it is answered with: prepared at the first request that meets it. */
final class Shelf {

    /** When to try again before the first snapshot: a first ingest takes some seconds. */
    static final int RETRY_SECONDS = 5;

    private static final Answer NOTHING_YET = Answer.text(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, "no snapshot is published yet; try again in some seconds")
            .with(HeaderNames.RETRY_AFTER, RETRY_SECONDS);

    private final Published published;
    private final Supplier<Status> status;
    private final AtomicReference<@Nullable Prepared> latest = new AtomicReference<>();

    /** Of the snapshot that is served at a time. */
    Shelf(Offer offer) {
        this.published = offer.published();
        this.status = offer.status();
    }

    Answer index(Request request) {
        return answer(request, Prepared::index);
    }

    Answer repo(Request request) {
        return answer(request, Prepared::repo);
    }

    Answer description(Request request) {
        return published
                .current()
                .map(snapshot -> representation(
                                snapshot, Description.of(snapshot, status.get().archives()), "application/json")
                        .answer(request))
                .orElse(NOTHING_YET);
    }

    private Answer answer(Request request, Function<Prepared, Representation> part) {
        return published
                .current()
                .map(snapshot -> part.apply(prepared(snapshot)).answer(request))
                .orElse(NOTHING_YET);
    }

    @SuppressWarnings("ReferenceEquality") // the very snapshot, not one like it
    private Prepared prepared(Snapshot snapshot) {
        Prepared known = latest.get();
        if (known != null && known.snapshot == snapshot) {
            return known;
        }
        Prepared fresh = Prepared.of(snapshot);
        latest.set(fresh);
        return fresh;
    }

    private static Representation representation(Snapshot snapshot, Body body, String contentType) {
        ByteBuf content = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(
                body.parts().stream().map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new)));
        return Representation.of(
                new Validators('"' + body.sha256() + '"', Optional.of(snapshot.committed()), body.length()),
                new DefaultHttpHeaders()
                        .set(HeaderNames.CACHE_CONTROL, "no-cache")
                        .set(HeaderNames.MIRROR_COMMIT, snapshot.revision()),
                contentType,
                (first, count) -> new Payload.Bytes(content.slice(first.intValue(), count.intValue())));
    }

    private record Prepared(Snapshot snapshot, Representation index, Representation repo) {

        static Prepared of(Snapshot snapshot) {
            return new Prepared(
                    snapshot,
                    representation(snapshot, snapshot.index(), "application/gzip")
                            .shared(),
                    representation(snapshot, snapshot.repo(), "text/plain; charset=utf-8")
                            .shared());
        }
    }
}
