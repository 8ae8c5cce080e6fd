package io.github.mirrorservice.mirror.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Optional;

/**
 * Why a request is refused before anyone asks what it wants. Its connection is closed after the answer, because where the
 * next request would begin is unsure.
 */
enum Refusal {
    /** Not HTTP, or HTTP that two readers may read in two ways. */
    MALFORMED(400, "this is not an unambiguous HTTP/1.1 request"),
    /** A target that is not a plain path: another form, dot segments, odd escapes. */
    TARGET(400, "the request target is not a plain path"),
    /** No Host, more than one, or none that names a host. */
    HOST(400, "the request needs exactly one valid Host"),
    /** A body where none belongs, or one whose end is unsure. */
    BODY(400, "the request has a body that does not belong there"),
    /** The head did not come in time. */
    SLOW(408, "the request did not arrive in time"),
    /** A request line that is too long. */
    LONG_TARGET(414, "the request target is too long"),
    /** An expectation other than 100-continue. */
    EXPECTATION(417, "only 100-continue can be expected"),
    /** Headers that are too many or too large. */
    LARGE_HEAD(431, "the request's headers are too many or too large"),
    /** A version other than 1.0 and 1.1. */
    VERSION(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");

    private final int status;
    private final String reason;

    Refusal(int status, String reason) {
        this.status = status;
        this.reason = reason;
    }

    /**
     * A clean request in place of the refused one, so that the refusal is sent in its turn among the answers. Its target,
     * the refusal's name, does not begin with a slash: no request from outside passes the gate with such a target.
     */
    HttpRequest standIn(HttpMethod method) {
        return new DefaultHttpRequest(
                HttpVersion.HTTP_1_1,
                method,
                name(),
                new DefaultHttpHeaders().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE));
    }

    /** The refusal that a request stands for, or empty for a request from outside. */
    static Optional<Refusal> of(String target) {
        return target.startsWith("/") ? Optional.empty() : Optional.of(valueOf(target));
    }

    Answer answer() {
        return Answer.text(HttpResponseStatus.valueOf(status), reason);
    }
}
