package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.http.Verdict.Failed;
import io.github.mirrorservice.mirror.http.Verdict.NotModified;
import io.github.mirrorservice.mirror.http.Verdict.Whole;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** Conditional and range requests: RFC 9110, sections 13 and 14. What is malformed is as good as absent, so that the whole is sent. */
final class Conditional {

    private Conditional() {}

    /**
     * What a representation is known by.
     *
     * @param etag its strong entity tag, with the quotes
     * @param lastModified what Last-Modified says
     * @param served since when it has been served here
     * @param length its bytes
     */
    record Validators(String etag, Instant lastModified, Instant served, long length) {

        /**
         * Whether someone who has what was served here at {@code date} needs more. A commit's time is not the time of its
         * publication: it may lie before that of the commit served before. So a date says nothing has changed only if
         * it is Last-Modified itself, or if this representation was served by then.
         */
        boolean changedSince(Instant date) {
            return !date.equals(lastModified) && date.isBefore(served);
        }
    }

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
                .or(() -> date(field, "if-unmodified-since").map(date -> !current.changedSince(date)))
                .orElse(true);
    }

    private static boolean isFresh(Validators current, Function<String, Optional<String>> field) {
        return field.apply("if-none-match")
                .map(tags -> EntityTags.holdWeak(tags, current.etag()))
                .or(() -> date(field, "if-modified-since").map(date -> !current.changedSince(date)))
                .orElse(false);
    }

    private static boolean rangeApplies(Validators current, Function<String, Optional<String>> field) {
        return field.apply("if-range")
                .map(validator -> validator.equals(current.etag())
                        || Dates.parse(validator)
                                .filter(current.lastModified()::equals)
                                .isPresent())
                .orElse(true);
    }

    private static Optional<Instant> date(Function<String, Optional<String>> field, String name) {
        return field.apply(name).flatMap(Dates::parse);
    }
}
