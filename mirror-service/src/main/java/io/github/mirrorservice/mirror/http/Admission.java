package io.github.mirrorservice.mirror.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Optional;

/** Which requests are let through: those that every reader of HTTP reads in the same way. */
final class Admission {

    private static final List<HttpMethod> BODILESS = List.of(HttpMethod.GET, HttpMethod.HEAD);

    /** Small fields cost more memory than bytes; as Apache's {@code LimitRequestFields}. */
    static final int MOST_FIELDS = 100;

    private Admission() {}

    /** Why the request is refused, or empty if it is let through. */
    static Optional<Refusal> refusal(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return Optional.of(undecodable(request.decoderResult().cause()));
        }
        if (!isSpoken(request.protocolVersion())) {
            return Optional.of(Refusal.VERSION);
        }
        if (!Target.isPlain(request.uri())) {
            return Optional.of(Refusal.TARGET);
        }
        if (request.headers().size() > MOST_FIELDS) {
            return Optional.of(Refusal.LARGE_HEAD);
        }
        return refusal(request, request.headers());
    }

    /** Whether a body is announced. */
    static boolean hasBody(HttpRequest request) {
        String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        return length != null && !HttpHeaderValues.ZERO.contentEquals(length);
    }

    private static Refusal undecodable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Refusal.LONG_TARGET;
        }
        return cause instanceof TooLongHttpHeaderException ? Refusal.LARGE_HEAD : Refusal.MALFORMED;
    }

    private static boolean isSpoken(HttpVersion version) {
        return version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
    }

    private static Optional<Refusal> refusal(HttpRequest request, HttpHeaders headers) {
        if (!isHost(headers.getAll(HttpHeaderNames.HOST), request.protocolVersion())) {
            return Optional.of(Refusal.HOST);
        }
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || (hasBody(request) && BODILESS.contains(request.method()))) {
            return Optional.of(Refusal.BODY);
        }
        return headers.contains(HttpHeaderNames.EXPECT)
                        && !headers.contains(HttpHeaderNames.EXPECT, HttpHeaderValues.CONTINUE, true)
                ? Optional.of(Refusal.EXPECTATION)
                : Optional.empty();
    }

    private static boolean isHost(List<String> hosts, HttpVersion version) {
        return switch (hosts.size()) {
            case 0 -> version.equals(HttpVersion.HTTP_1_0);
            case 1 -> Authority.isValid(hosts.get(0));
            default -> false;
        };
    }
}
