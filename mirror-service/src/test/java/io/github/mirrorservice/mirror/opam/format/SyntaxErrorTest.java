package io.github.mirrorservice.mirror.opam.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything here is refused by opam's own parser as well. */
final class SyntaxErrorTest {

    static Stream<Arguments> errors() {
        return Stream.of(
                error("a: 1\nb: \"x\\\"\n", "2:4: unterminated string"),
                error("a: \"\"\"x\"\"", "1:4: unterminated string"),
                error("a: \"\"\"x\"\"\"\"", "1:11: unterminated string"),
                error("a: \"é\\q\"", "1:6: illegal escape sequence"),
                error("a: \"\\256\"", "1:5: illegal escape sequence"),
                error("a: \"\\25\"", "1:5: illegal escape sequence"),
                error("a: \"\\xfg\"", "1:5: illegal escape sequence"),
                error("a: \"\\X41\"", "1:5: illegal escape sequence"),
                error("a: \"\\\rb\"", "1:5: illegal escape sequence"),
                error("a: \"\\", "1:5: illegal escape sequence"),
                error("a: (* (* *) 1\n", "1:4: unterminated comment"),
                error("a: b.c", "1:5: '.' does not begin a token"),
                error("a: - 5", "1:4: '-' does not begin a token"),
                error("a: x+1", "1:5: '+' does not begin a token"),
                error("a: \0", "1:4: byte 0x00 does not begin a token"),
                error("a: 1\rb: 2", "1:5: byte 0x0D does not begin a token"),
                error("a: 1\fb: 2", "1:5: byte 0x0C does not begin a token"),
                error("a: é", "1:4: byte 0xC3 does not begin a token"),
                error("\uFEFFa: 1", "1:1: byte 0xEF does not begin a token"),
                error("a: [x =:= y]", "1:7: '=:=' is no operator"),
                error("a: _", "1:4: not an integer"),
                error("a: [x+__]", "1:8: not an integer"),
                error("a: -_1", "1:4: not an integer"),
                error("a: 4611686018427387904", "1:4: not an integer"),
                error("a: -4611686018427387905", "1:4: not an integer"),
                error("a: 9999999999999999999999", "1:4: not an integer"),
                error("a: 18446744073709551616", "1:4: not an integer"),
                error("a", "1:2: expected ':' or '{', found the end of the file"),
                error("a:b", "1:4: expected ':' or '{', found the end of the file"),
                error("a \"b\" c", "1:7: expected '{', found an identifier"),
                error("a:", "1:3: expected a value, found the end of the file"),
                error("a: ]", "1:4: expected a value, found ']'"),
                error("a: x &", "1:7: expected a value, found the end of the file"),
                error("a: x = (y)", "1:8: expected a value, found '('"),
                error("a: [x == y]", "1:8: expected a value, found '='"),
                error("a: [x", "1:6: expected a value or ']', found the end of the file"),
                error("a: [x}", "1:6: expected a value or ']', found '}'"),
                error("a: x {y:", "1:8: expected a value or '}', found ':'"),
                error("a {b: 1\n]", "2:1: expected a field, a section or '}', found ']'"),
                error("a: x += y += z", "1:11: expected a field or a section, found '+='"),
                error("a: x += y = z", "1:11: expected a field or a section, found '='"),
                error("{a: 1}", "1:1: expected a field or a section, found '{'"),
                error("true: 1", "1:1: expected a field or a section, found a boolean"),
                error("1: 2", "1:1: expected a field or a section, found an integer"),
                error("a: b \"c\"", "1:6: expected a field or a section, found a string"),
                error("url.src: \"x\"", "1:4: '.' does not begin a token"),
                error("x: 1\nopam-version: \"2.1\"", "2:1: opam-version above 2.0 must come first"),
                error("opam-version: \"2.0\"\nopam-version: \"2.1\"", "2:1: opam-version above 2.0 must come first"),
                error("opam-version: \"2.1\"\nopam-version: \"2.0\"", "2:1: opam-version cannot be repeated"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void an_error_says_where_it_is_and_what_is_wrong(String text, String message) {
        assertBroken(text, message, name -> true);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void an_error_is_found_in_what_nobody_wants_as_well(String text, String message) {
        assertBroken(text, message, name -> false);
    }

    private static void assertBroken(String text, String message, Predicate<String> wanted) {
        Source source = new Source("packages/a/a.1/opam", text.getBytes(StandardCharsets.UTF_8));
        assertThatExceptionOfType(OpamSyntaxException.class)
                .isThrownBy(() -> Parser.parse(source, wanted))
                .withMessageStartingWith("packages/a/a.1/opam:" + message)
                .satisfies(broken -> assertThat(broken.diagnostic()).hasToString(broken.getMessage()));
    }

    @Test
    void an_escape_that_is_wrong_is_answered_with_those_that_are_right() {
        assertThatExceptionOfType(OpamSyntaxException.class)
                .isThrownBy(() -> Shape.of("a: \"\\q\""))
                .withMessageContaining("\\xFF");
    }

    private static Arguments error(String text, String message) {
        return Arguments.of(text, message);
    }
}
