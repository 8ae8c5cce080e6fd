package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.http.Conditional.Validators;
import io.github.mirrorservice.mirror.http.Verdict.Failed;
import io.github.mirrorservice.mirror.http.Verdict.NotModified;
import io.github.mirrorservice.mirror.http.Verdict.Part;
import io.github.mirrorservice.mirror.http.Verdict.Unsatisfiable;
import io.github.mirrorservice.mirror.opam.Body;
import io.github.mirrorservice.mirror.opam.Snapshot;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;
import java.util.Optional;
import reactor.netty.http.server.HttpServerRequest;

/**
 * One part of a snapshot, ready to be sent: its answers are made once a snapshot, not once a request.
 *
 * @param validators what it is known by
 * @param whole the answer with all of it
 * @param notModified the answer to whoever has it already
 * @param failed the answer to whoever wants it in another state only
 * @param unsatisfiable the answer to whoever wants bytes beyond its end
 */
record Representation(Validators validators, Answer whole, Answer notModified, Answer failed, Answer unsatisfiable) {

    static Representation of(Snapshot snapshot, Body body, String contentType) {
        ByteBuf content = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(
                body.parts().stream().map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new)));
        Validators validators =
                new Validators('"' + body.sha256() + '"', snapshot.committed(), content.readableBytes());
        HttpHeaders known = known(validators, snapshot.revision());
        HttpHeaders described = known.copy()
                .set(HeaderNames.CONTENT_TYPE, contentType)
                .set(HeaderNames.CONTENT_LENGTH, validators.length())
                .set(HeaderNames.ACCEPT_RANGES, "bytes");
        return new Representation(
                validators,
                new Answer(HttpResponseStatus.OK, described, content),
                new Answer(HttpResponseStatus.NOT_MODIFIED, known, Unpooled.EMPTY_BUFFER),
                refused().with(known),
                beyond(validators.length()).with(known));
    }

    /** What is said of it whether or not it is sent. */
    private static HttpHeaders known(Validators validators, String revision) {
        return new DefaultHttpHeaders()
                .set(HeaderNames.ETAG, validators.etag())
                .set(HeaderNames.LAST_MODIFIED, Dates.format(validators.lastModified()))
                .set(HeaderNames.CACHE_CONTROL, "no-cache")
                .set(HeaderNames.MIRROR_COMMIT, revision)
                .set(HeaderNames.CONTENT_TYPE_OPTIONS, "nosniff");
    }

    private static Answer refused() {
        return Answer.text(HttpResponseStatus.PRECONDITION_FAILED, "it is not in the state that was asked for");
    }

    private static Answer beyond(long length) {
        return Answer.text(HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "it has " + length + " bytes")
                .with(HeaderNames.CONTENT_RANGE, "bytes */" + length);
    }

    Answer answer(HttpServerRequest request) {
        HttpHeaders headers = request.requestHeaders();
        Verdict verdict =
                Conditional.judge(validators, name -> field(headers, name), HttpMethod.GET.equals(request.method()));
        if (verdict instanceof Part part) {
            return part(part);
        }
        if (verdict instanceof NotModified) {
            return notModified;
        }
        if (verdict instanceof Failed) {
            return failed;
        }
        return verdict instanceof Unsatisfiable ? unsatisfiable : whole;
    }

    private Answer part(Part part) {
        HttpHeaders headers = whole.headers()
                .copy()
                .set(HeaderNames.CONTENT_LENGTH, part.length())
                .set(
                        HeaderNames.CONTENT_RANGE,
                        "bytes " + part.first() + "-" + part.last() + "/" + validators.length());
        ByteBuf content = whole.content().slice((int) part.first(), (int) part.length());
        return new Answer(HttpResponseStatus.PARTIAL_CONTENT, headers, content);
    }

    private static Optional<String> field(HttpHeaders headers, String name) {
        return headers.contains(name) ? Optional.of(String.join(", ", headers.getAll(name))) : Optional.empty();
    }
}
