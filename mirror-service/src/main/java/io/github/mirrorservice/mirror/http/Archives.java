package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.ArchiveCache;
import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.Content;
import io.github.mirrorservice.mirror.archive.Delivery;
import io.github.mirrorservice.mirror.archive.Delivery.OnTheWay;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.LocalContent;
import io.github.mirrorservice.mirror.http.Conditional.Validators;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/** The archives by their digests, at the paths where opam's clients look in a cache: {@code /cache/ALGORITHM/HH/HEX}. */
final class Archives {

    /** What every path of an archive begins with. */
    static final String PREFIX = "/cache/";

    /** All these paths, for metrics. */
    static final String TEMPLATE = "/cache/{algorithm}/{prefix}/{hex}";

    private static final Pattern PATH = Pattern.compile("/cache/([a-z0-9]+)/([0-9a-f]{2})/(\\2[0-9a-f]+)");

    /** What these change in the answer cannot be said before all of it is there. */
    private static final List<String> CONDITIONS =
            List.of("range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since");

    private static final Answer NOT_HERE =
            Answer.text(HttpResponseStatus.NOT_FOUND, "this archive is not here, and cannot be had now");

    /** No 503: a client would try again for seconds before it asks elsewhere, and after a 404 it asks at once. */
    static final Answer BUSY = Answer.text(
            HttpResponseStatus.NOT_FOUND, "more is asked of this mirror than it can bear; ask the archive's origin");

    private final ArchiveCache cache;
    private final BooleanSupplier roomToWait;

    /**
     * The archives of a cache.
     *
     * @param roomToWait whether a request may wait for an archive that has to be fetched; asked when it would
     */
    Archives(ArchiveCache cache, BooleanSupplier roomToWait) {
        this.cache = cache;
        this.roomToWait = roomToWait;
    }

    /** Emits the answer once it is decided; for an archive that has to be fetched, that is when its first bytes can be sent. */
    Mono<Answer> answer(Request request) {
        return Mono.justOrEmpty(digest(Target.path(request.target())))
                .flatMap(digest -> cache.get(digest, roomToWait))
                .flatMap(delivery -> answer(request, delivery))
                .defaultIfEmpty(NOT_HERE);
    }

    private static Optional<Digest> digest(String path) {
        Matcher parts = PATH.matcher(path);
        return parts.matches() ? Digest.parse(parts.group(1) + '=' + parts.group(3)) : Optional.empty();
    }

    private static Mono<Answer> answer(Request request, Delivery delivery) {
        if (delivery instanceof OnTheWay coming) {
            return isPlain(request)
                    ? Mono.just(stream(coming))
                    : coming.whole()
                            .map(archive -> representation(archive).answer(request))
                            .onErrorComplete(ArchiveException.class);
        }
        return Mono.just(representation(((Delivery.Held) delivery).archive()).answer(request));
    }

    private static boolean isPlain(Request request) {
        return HttpMethod.GET.equals(request.method()) && CONDITIONS.stream().noneMatch(request.headers()::contains);
    }

    private static Answer stream(OnTheWay coming) {
        HttpHeaders headers = immutable()
                .set(HeaderNames.CONTENT_TYPE, "application/octet-stream")
                .set(HeaderNames.CONTENT_TYPE_OPTIONS, "nosniff")
                .set(HeaderNames.CONTENT_LENGTH, coming.arrival().announced().orElseThrow());
        return new Answer(
                HttpResponseStatus.OK,
                headers,
                new Payload.Stream(coming.arrival().parts()));
    }

    private static Representation representation(Archive archive) {
        return Representation.of(
                new Validators('"' + archive.sha256().hex() + '"', Optional.empty(), archive.length()),
                immutable(),
                "application/octet-stream",
                (first, count) -> payload(archive.content(), first, count));
    }

    private static Payload payload(Content content, long first, long count) {
        return content instanceof LocalContent here
                ? new Payload.Stored(here, first, count)
                : new Payload.Stream(content.parts(first, count));
    }

    /** The bytes behind a digest never change. */
    private static HttpHeaders immutable() {
        return new DefaultHttpHeaders().set(HeaderNames.CACHE_CONTROL, "public, max-age=31536000, immutable");
    }
}
