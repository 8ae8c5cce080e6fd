package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.http.Verdict.Failed;
import io.github.mirrorservice.mirror.http.Verdict.NotModified;
import io.github.mirrorservice.mirror.http.Verdict.Whole;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Conditional and range requests: RFC 9110, sections 13 and 14. What is malformed is as good as absent, so that the whole is
 * sent.
 *
 * <p>Last-Modified is the time of a commit, and after a force-push the next commit may be the older one: a later date says
 * nothing. So a date means this representation only if it is Last-Modified itself, which is what clients send back.
 * Two commits of one second share it, so it never proves that bytes fit together: If-Range takes an entity tag alone.
 */
final class Conditional {

    private Conditional() {}

    /**
     * What a representation is known by.
     *
     * @param etag its strong entity tag, with the quotes
     * @param lastModified what Last-Modified says, if it is there
     * @param length its bytes
     */
    record Validators(String etag, Optional<Instant> lastModified, long length) {}

    /**
     * The verdict on a GET or HEAD, in the order of RFC 9110, section 13.2.2.
     *
     * @param field the value of a request's header, its lines joined by commas
     */
    static Verdict judge(Validators current, Function<String, Optional<String>> field, boolean get) {
        if (!preconditionsHold(current, field)) {
            return new Failed();
        }
        if (isFresh(current, field)) {
            return new NotModified();
        }
        return field.apply("range")
                .filter(range -> get && rangeApplies(current, field))
                .map(range -> Ranges.judge(range, current.length()))
                .orElseGet(Whole::new);
    }

    private static boolean preconditionsHold(Validators current, Function<String, Optional<String>> field) {
        return field.apply("if-match")
                .map(tags -> EntityTags.holdStrong(tags, current.etag()))
                .or(() -> date(field, "if-unmodified-since").map(date -> isLastModified(current, date)))
                .orElse(true);
    }

    private static boolean isFresh(Validators current, Function<String, Optional<String>> field) {
        return field.apply("if-none-match")
                .map(tags -> EntityTags.holdWeak(tags, current.etag()))
                .or(() -> date(field, "if-modified-since").map(date -> isLastModified(current, date)))
                .orElse(false);
    }

    private static boolean isLastModified(Validators current, Instant date) {
        return current.lastModified().equals(Optional.of(date));
    }

    private static boolean rangeApplies(Validators current, Function<String, Optional<String>> field) {
        return field.apply("if-range").map(current.etag()::equals).orElse(true);
    }

    private static Optional<Instant> date(Function<String, Optional<String>> field, String name) {
        return field.apply(name).flatMap(Dates::parse);
    }
}
