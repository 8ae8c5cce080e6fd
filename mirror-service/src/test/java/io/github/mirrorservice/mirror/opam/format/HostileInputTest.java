package io.github.mirrorservice.mirror.opam.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are made to cost much. Each takes milliseconds; a quadratic reader would take minutes. */
final class HostileInputTest {

    private static final int BYTES = 1_000_000;
    private static final int SMALL_STACK = 256 * 1024;

    static Stream<Arguments> inputs() {
        return Stream.of(
                Arguments.of("a:", "["),
                Arguments.of("a:[", "[]"),
                Arguments.of("a:", "x{"),
                Arguments.of("a:[", "x{}"),
                Arguments.of("a:", "x{}"),
                Arguments.of("a:", "!"),
                Arguments.of("", "a{"),
                Arguments.of("", "a{}"),
                Arguments.of("a:[", "x=y="),
                Arguments.of("a:", "x&"),
                Arguments.of("a:", "x|y&"),
                Arguments.of("a:[", "\""),
                Arguments.of("a:\"\"\"", "\"\""),
                Arguments.of("a:\"", "\\\\"),
                Arguments.of("a:\"", "\\\n"),
                Arguments.of("a:\"\\\n", " "),
                Arguments.of("a:\"", "\r"),
                Arguments.of("", "(*"),
                Arguments.of("", "(*)"),
                Arguments.of("", "(**)"),
                Arguments.of("", "#\n"),
                Arguments.of("", "\r\n"),
                Arguments.of("a:[", "1-"),
                Arguments.of("a:[x+", "_-1"),
                Arguments.of("a:[", "_+"),
                Arguments.of("a:[", "x:1-"),
                Arguments.of("a:", "9"),
                Arguments.of("a:-0", "_"),
                Arguments.of("", "a+"),
                Arguments.of("", "a:"),
                Arguments.of("url{src:\"http://x\"checksum:[", "\"\" 1"),
                Arguments.of("url{src:\"http://x\"mirrors:[", "\"http://x#\""),
                Arguments.of("url{", "x:1"),
                Arguments.of("", "url{}"),
                Arguments.of("", "extra-source\"x\"{}"),
                Arguments.of("extra-sources:[", "[]"));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void a_long_file_takes_time_in_proportion(String start, String more) {
        String text = start + more.repeat(BYTES / more.length());
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> read(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: [", "a: (", "a: x{", "a: !", "a: x&!(", "a: x=y{", "a{", "a\"\"{b{"})
    void nesting_is_bounded_before_the_stack_is(String open) throws Exception {
        String more = open.substring(open.indexOf(' ') + 1);
        assertThat(readOnSmallStack(open + more.repeat(100_000)).diagnostics())
                .singleElement()
                .extracting(Diagnostic::message)
                .isEqualTo("nested deeper than 64");
        assertThat(readOnSmallStack(open + more.repeat(20)).diagnostics())
                .singleElement()
                .extracting(Diagnostic::message)
                .asString()
                .startsWith("expected");
    }

    private static OpamFile readOnSmallStack(String text) throws Exception {
        FutureTask<OpamFile> task = new FutureTask<>(() -> read(text));
        new Thread(null, task, "small stack", SMALL_STACK).start();
        return task.get();
    }

    private static OpamFile read(String text) {
        return OpamFile.read("opam", text.getBytes(StandardCharsets.UTF_8));
    }
}
