package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.mirrorservice.mirror.http.Conditional.Validators;
import io.github.mirrorservice.mirror.http.Verdict.Failed;
import io.github.mirrorservice.mirror.http.Verdict.NotModified;
import io.github.mirrorservice.mirror.http.Verdict.Part;
import io.github.mirrorservice.mirror.http.Verdict.Unsatisfiable;
import io.github.mirrorservice.mirror.http.Verdict.Whole;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Of a representation of 10,000 bytes, tagged {@code "x,1"}, made on Saturday at ten. */
final class ConditionalTest {

    private static final Instant MADE = Instant.parse("2026-08-22T10:00:00Z");
    private static final Validators CURRENT = new Validators("\"x,1\"", Optional.of(MADE), 10_000);

    private static final String THEN = "Sat, 22 Aug 2026 10:00:00 GMT";
    private static final String BEFORE = "Sat, 22 Aug 2026 09:59:59 GMT";
    private static final String AFTER = "Sat, 22 Aug 2026 10:06:00 GMT";

    private static final Verdict WHOLE = new Whole();
    private static final Verdict NOT_MODIFIED = new NotModified();
    private static final Verdict FAILED = new Failed();
    private static final Verdict UNSATISFIABLE = new Unsatisfiable();
    private static final Verdict FIRST_TEN = new Part(0, 9);

    static Stream<Arguments> conditions() {
        return Stream.of(
                on(WHOLE),
                // If-None-Match: RFC 9110, section 13.1.2
                on(NOT_MODIFIED, "If-None-Match: \"x,1\""),
                on(NOT_MODIFIED, "If-None-Match: W/\"x,1\""),
                on(NOT_MODIFIED, "If-None-Match: *"),
                on(NOT_MODIFIED, "If-None-Match:  * "),
                on(NOT_MODIFIED, "If-None-Match: \"a\", \"x,1\""),
                on(NOT_MODIFIED, "If-None-Match: \"a\",W/\"b\"\t,\"x,1\"  "),
                on(NOT_MODIFIED, "If-None-Match: ,, ,\"x,1\","),
                on(NOT_MODIFIED, "If-None-Match: \"\", \"x,1\""),
                on(NOT_MODIFIED, "If-None-Match: \"x,1\", nonsense"),
                on(WHOLE, "If-None-Match: \"x\""),
                on(WHOLE, "If-None-Match: \"x,1\"a"),
                on(WHOLE, "If-None-Match: \"a\" \"x,1\""),
                on(WHOLE, "If-None-Match: x,1"),
                on(WHOLE, "If-None-Match: 'x,1'"),
                on(WHOLE, "If-None-Match: \"x,1"),
                on(WHOLE, "If-None-Match: w/\"x,1\""),
                on(WHOLE, "If-None-Match: W/ \"x,1\""),
                on(WHOLE, "If-None-Match: \"X,1\""),
                on(WHOLE, "If-None-Match: nonsense, \"x,1\""),
                on(WHOLE, "If-None-Match: *, \"a\""),
                on(WHOLE, "If-None-Match: "),
                on(WHOLE, "If-None-Match: \"a \"x,1\" b\""),
                // If-Modified-Since: section 13.1.3, and only without If-None-Match
                on(NOT_MODIFIED, "If-Modified-Since: " + THEN),
                on(NOT_MODIFIED, "If-Modified-Since: Saturday, 22-Aug-26 10:00:00 GMT"),
                on(NOT_MODIFIED, "If-Modified-Since: Sat Aug 22 10:00:00 2026"),
                on(WHOLE, "If-Modified-Since: " + BEFORE),
                on(WHOLE, "If-Modified-Since: nonsense"),
                on(WHOLE, "If-Modified-Since: "),
                on(WHOLE, "If-Modified-Since: 2026-08-22T10:00:00Z"),
                on(WHOLE, "If-Modified-Since: 1787392800"),
                on(WHOLE, "If-None-Match: \"a\"", "If-Modified-Since: " + THEN),
                on(WHOLE, "If-None-Match: nonsense", "If-Modified-Since: " + AFTER),
                on(NOT_MODIFIED, "If-None-Match: \"x,1\"", "If-Modified-Since: " + BEFORE),
                // whoever has a commit of later, which was taken back, needs this one
                on(WHOLE, "If-Modified-Since: " + AFTER),
                // If-Match: section 13.1.1
                on(WHOLE, "If-Match: \"x,1\""),
                on(WHOLE, "If-Match: \"a\", \"x,1\""),
                on(WHOLE, "If-Match: *"),
                on(FAILED, "If-Match: \"a\""),
                on(FAILED, "If-Match: W/\"x,1\""),
                on(FAILED, "If-Match: x,1"),
                on(FAILED, "If-Match: "),
                // If-Unmodified-Since: section 13.1.4, and only without If-Match
                on(WHOLE, "If-Unmodified-Since: " + THEN),
                on(FAILED, "If-Unmodified-Since: " + AFTER),
                on(FAILED, "If-Unmodified-Since: " + BEFORE),
                on(WHOLE, "If-Unmodified-Since: nonsense"),
                on(WHOLE, "If-Match: \"x,1\"", "If-Unmodified-Since: " + BEFORE),
                on(FAILED, "If-Match: \"a\"", "If-Unmodified-Since: " + AFTER),
                // the order of section 13.2.2
                on(FAILED, "If-Match: \"a\"", "If-None-Match: \"x,1\""),
                on(NOT_MODIFIED, "If-Match: \"x,1\"", "If-None-Match: \"x,1\""),
                on(FAILED, "If-Unmodified-Since: " + BEFORE, "If-Modified-Since: " + AFTER),
                on(FAILED, "If-Match: \"a\"", "Range: bytes=0-9"),
                on(NOT_MODIFIED, "If-None-Match: \"x,1\"", "Range: bytes=0-9"),
                on(NOT_MODIFIED, "If-Modified-Since: " + THEN, "Range: bytes=90000-"),
                on(FIRST_TEN, "If-None-Match: \"a\"", "Range: bytes=0-9"),
                on(FIRST_TEN, "If-Match: \"x,1\"", "Range: bytes=0-9"),
                // If-Range: section 13.1.5
                on(FIRST_TEN, "Range: bytes=0-9", "If-Range: \"x,1\""),
                on(WHOLE, "Range: bytes=0-9", "If-Range: " + THEN),
                on(WHOLE, "Range: bytes=0-9", "If-Range: Sat Aug 22 10:00:00 2026"),
                on(WHOLE, "Range: bytes=0-9", "If-Range: \"a\""),
                on(WHOLE, "Range: bytes=0-9", "If-Range: W/\"x,1\""),
                on(WHOLE, "Range: bytes=0-9", "If-Range: " + BEFORE),
                on(WHOLE, "Range: bytes=0-9", "If-Range: " + AFTER),
                on(WHOLE, "Range: bytes=0-9", "If-Range: *"),
                on(WHOLE, "Range: bytes=0-9", "If-Range: nonsense"),
                on(WHOLE, "Range: bytes=0-9", "If-Range: \"x,1\", \"a\""),
                on(WHOLE, "Range: bytes=90000-", "If-Range: \"a\""),
                on(UNSATISFIABLE, "Range: bytes=90000-", "If-Range: \"x,1\""),
                on(WHOLE, "If-Range: \"x,1\""),
                on(WHOLE, "If-Range: \"a\""),
                // two lines of one header are one list: section 5.3
                on(NOT_MODIFIED, "If-None-Match: \"a\"", "If-None-Match: \"x,1\""),
                on(WHOLE, "Range: bytes=0-9", "Range: bytes=20-29"),
                on(WHOLE, "If-Modified-Since: " + THEN, "If-Modified-Since: " + AFTER));
    }

    @ParameterizedTest(name = "{1} -> {0}")
    @MethodSource("conditions")
    void get_is_judged_as_the_rfc_says(Verdict expected, String[] headers) {
        assertThat(Conditional.judge(CURRENT, fields(headers)::get, true)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{1} -> {0}")
    @MethodSource("conditions")
    void head_is_judged_likewise_but_for_ranges(Verdict expected, String[] headers) {
        boolean ranged = expected instanceof Part || expected instanceof Unsatisfiable;

        assertThat(Conditional.judge(CURRENT, fields(headers)::get, false)).isEqualTo(ranged ? WHOLE : expected);
    }

    private static Arguments on(Verdict expected, String... headers) {
        return arguments(expected, headers);
    }

    private static Fields fields(String... lines) {
        Map<String, String> fields = new HashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            fields.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (first, second) -> first + ", " + second);
        }
        return name -> Optional.ofNullable(fields.get(name));
    }

    private interface Fields {
        Optional<String> get(String name);
    }
}
