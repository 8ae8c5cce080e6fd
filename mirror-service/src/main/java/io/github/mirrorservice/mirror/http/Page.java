package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.opam.Snapshot;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import reactor.netty.http.server.HttpServerRequest;

/** The page for people: what is served here, and how to point opam at it. It needs no script. */
final class Page {

    private Page() {}

    static Answer of(HttpServerRequest request, Optional<Snapshot> snapshot) {
        return Answer.of(HttpResponseStatus.OK, "text/html; charset=utf-8", url(request) + snapshot);
    }

    private static String url(HttpServerRequest request) {
        HttpHeaders headers = request.requestHeaders();
        String scheme = "https".equals(headers.get("x-forwarded-proto")) ? "https" : "http";
        InetSocketAddress here = Objects.requireNonNull(request.hostAddress());
        return scheme + "://"
                + Optional.ofNullable(headers.get(HttpHeaderNames.HOST)).orElse(here.getHostString());
    }
}
