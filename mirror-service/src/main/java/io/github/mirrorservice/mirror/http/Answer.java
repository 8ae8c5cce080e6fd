package io.github.mirrorservice.mirror.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Mono;

/**
 * What is sent back to one request. It is the same value for GET and HEAD.
 *
 * @param status its status
 * @param headers its headers without those of the moment, such as Date; never changed after creation
 * @param payload its body
 */
record Answer(HttpResponseStatus status, HttpHeaders headers, Payload payload) {

    /** A line for people who read the answer in a terminal. */
    static Answer text(HttpResponseStatus status, String line) {
        return of(status, "text/plain; charset=utf-8", line + "\n");
    }

    /** A JSON text. */
    static Answer json(HttpResponseStatus status, String json) {
        return of(status, "application/json", json + "\n");
    }

    /** A text of any type. What an answer from memory holds may change at any time, so no cache keeps it. */
    static Answer of(HttpResponseStatus status, String contentType, String body) {
        ByteBuf content = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.UTF_8)));
        HttpHeaders headers = new DefaultHttpHeaders()
                .set(HeaderNames.CONTENT_TYPE, contentType)
                .set(HeaderNames.CONTENT_LENGTH, content.readableBytes())
                .set(HeaderNames.CACHE_CONTROL, "no-store")
                .set(HeaderNames.CONTENT_TYPE_OPTIONS, "nosniff");
        return new Answer(status, headers, new Payload.Bytes(content));
    }

    /** The same answer with one more header. */
    Answer with(CharSequence name, Object value) {
        return new Answer(status, headers.copy().set(name, value), payload);
    }

    /** The same answer with these headers in place of its own of the same names. */
    Answer with(HttpHeaders more) {
        return new Answer(status, headers.copy().setAll(more), payload);
    }

    /** The same answer, to be given to many requests: what is in memory of it is made for all of them at once. */
    Answer shared() {
        return payload instanceof Payload.Bytes body
                ? new Answer(status, headers, new Payload.Shared(body.bytes()))
                : this;
    }

    /** Writes what there is of it; subscribed to, the result writes the rest, and completes when that is handed over. */
    Mono<Void> send(Request request, ChannelHandlerContext connection) {
        Payload sent = HttpMethod.HEAD.equals(request.method()) ? Payload.NONE : payload;
        return sent.send(this, connection);
    }

    /** Its head as it is sent now. */
    DefaultHttpResponse head() {
        return new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, status, headers.copy().set(HeaderNames.DATE, Dates.now()));
    }
}
