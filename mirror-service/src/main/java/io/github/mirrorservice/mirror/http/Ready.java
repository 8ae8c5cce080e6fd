package io.github.mirrorservice.mirror.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/**
 * A whole answer that may be sent as it was made, again and again: its headers are shared and never changed, and so are the
 * bytes that HTTP/1.1 has for it.
 */
final class Ready extends DefaultFullHttpResponse {

    private final Dated dated;

    Ready(HttpResponseStatus status, ByteBuf content, Dated dated) {
        super(HttpVersion.HTTP_1_1, status, content, dated.headers(), EmptyHttpHeaders.INSTANCE);
        this.dated = dated;
    }

    /** Its headers, and their bytes once they were needed. */
    Dated dated() {
        return dated;
    }
}
