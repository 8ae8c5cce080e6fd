package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.http.Conditional.Validators;
import io.github.mirrorservice.mirror.http.Verdict.Failed;
import io.github.mirrorservice.mirror.http.Verdict.NotModified;
import io.github.mirrorservice.mirror.http.Verdict.Part;
import io.github.mirrorservice.mirror.http.Verdict.Unsatisfiable;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Something that is served in whole, in part, or not at all to whoever has it already.
 *
 * @param validators what it is known by
 * @param known what is said of it whether or not it is sent
 * @param whole the answer with all of it
 * @param notModified the answer to whoever has it
 * @param part what is sent of it, given the position of the first byte and how many bytes
 */
record Representation(
        Validators validators,
        HttpHeaders known,
        Answer whole,
        Answer notModified,
        BiFunction<Long, Long, Payload> part) {

    /** One of this type and content, which goes by these headers. */
    static Representation of(
            Validators validators, HttpHeaders said, String contentType, BiFunction<Long, Long, Payload> part) {
        HttpHeaders known =
                said.set(HeaderNames.ETAG, validators.etag()).set(HeaderNames.CONTENT_TYPE_OPTIONS, "nosniff");
        validators.lastModified().ifPresent(date -> known.set(HeaderNames.LAST_MODIFIED, Dates.format(date)));
        HttpHeaders described = known.copy()
                .set(HeaderNames.CONTENT_TYPE, contentType)
                .set(HeaderNames.CONTENT_LENGTH, validators.length())
                .set(HeaderNames.ACCEPT_RANGES, "bytes");
        Payload all = validators.length() == 0 ? Payload.NONE : part.apply(0L, validators.length());
        return new Representation(
                validators,
                known,
                new Answer(HttpResponseStatus.OK, described, all),
                new Answer(HttpResponseStatus.NOT_MODIFIED, known, Payload.NONE),
                part);
    }

    /** The same, to be given to many requests. */
    Representation shared() {
        return new Representation(validators, known, whole.shared(), notModified.shared(), part);
    }

    Answer answer(Request request) {
        HttpHeaders headers = request.headers();
        Verdict verdict =
                Conditional.judge(validators, name -> field(headers, name), HttpMethod.GET.equals(request.method()));
        if (verdict instanceof Part wanted) {
            return part(wanted);
        }
        if (verdict instanceof NotModified) {
            return notModified;
        }
        if (verdict instanceof Failed) {
            return refused();
        }
        return verdict instanceof Unsatisfiable ? beyond() : whole;
    }

    private Answer part(Part wanted) {
        HttpHeaders headers = whole.headers()
                .copy()
                .set(HeaderNames.CONTENT_LENGTH, wanted.length())
                .set(
                        HeaderNames.CONTENT_RANGE,
                        "bytes " + wanted.first() + "-" + wanted.last() + "/" + validators.length());
        return new Answer(HttpResponseStatus.PARTIAL_CONTENT, headers, part.apply(wanted.first(), wanted.length()));
    }

    private Answer refused() {
        return Answer.text(HttpResponseStatus.PRECONDITION_FAILED, "it is not in the state that was asked for")
                .with(known);
    }

    private Answer beyond() {
        return Answer.text(
                        HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "it has " + validators.length() + " bytes")
                .with(HeaderNames.CONTENT_RANGE, "bytes */" + validators.length())
                .with(known);
    }

    private static Optional<String> field(HttpHeaders headers, String name) {
        return headers.contains(name) ? Optional.of(String.join(", ", headers.getAll(name))) : Optional.empty();
    }
}
