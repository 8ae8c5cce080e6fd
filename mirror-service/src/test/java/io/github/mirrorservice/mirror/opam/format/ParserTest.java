package io.github.mirrorservice.mirror.opam.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.mirrorservice.mirror.opam.format.Item.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a text means. Each answer is the one that opam's own parser gave (opam-file-format 2.1.5). */
final class ParserTest {

    @ParameterizedTest
    @CsvSource(delimiterString = "==>", quoteCharacter = '`', textBlock = """
            a: b                                ==> a: b
            a:1 b:"c"                           ==> a: 1 b: "c"
            a: true b: false c: trueish         ==> a: TRUE b: FALSE c: trueish
            a: true:x                           ==> a: true:x
            a: foo+bar:name                     ==> a: foo+bar:name
            _a: _+b                             ==> _a: _+b
            a: --b c: 1a                        ==> a: --b c: 1a
            a: [a+_-1]                          ==> a: [a+_ -1]
            a: -5 b: 1_000 c: 007               ==> a: -5 b: 1000 c: 7
            a: [1-2-3 4_-5]                     ==> a: [1 -2 -3 4 -5]
            a: 4611686018427387903              ==> a: 4611686018427387903
            a: -4611686018427387904             ==> a: -4611686018427387904
            """)
    void words_are_as_long_as_they_can_be(String text, String shape) {
        assertThat(Shape.of(text)).isEqualTo(shape);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "==>", quoteCharacter = '`', textBlock = """
            a: [[[]] ()]                        ==> a: [[[]] ()]
            a: (x y)                            ==> a: (x y)
            a: x {y} {z}                        ==> a: x{y}{z}
            a: !x {y}                           ==> a: «! x{y}»
            a: !!x                              ==> a: «! «! x»»
            a: ?x                               ==> a: «? x»
            a: x & y {z}                        ==> a: «x & y{z}»
            a: x & !y {z}                       ==> a: «x & «! y{z}»»
            a: x = y {z}                        ==> a: «x = y»{z}
            a: >= x {z}                         ==> a: «>= x»{z}
            a: ! x = y & z | ! w                ==> a: «««! «x = y»» & z» | «! w»»
            a: a | b & c | d & e & f            ==> a: «a | «b & c» | «d & e & f»»
            a: (a | b) & c                      ==> a: «(«a | b») & c»
            a: [x = y = z]                      ==> a: [«x = y» «= z»]
            a: ~ "1"                            ==> a: «>= "1"»
            a: [a != b c >= d e > f g <= h]     ==> a: [«a != b» «c >= d» «e > f» «g <= h»]
            a: [i < j k ~ l]                    ==> a: [«i < j» «k >= l»]
            a: [x += y z =+ u q := v]           ==> a: [«x += y» «z =+ u» «q := v»]
            a: [r =: w s =+= t]                 ==> a: [«r =: w» «s =+= t»]
            """)
    void operators_bind_as_in_opams_grammar(String text, String shape) {
        assertThat(Shape.of(text)).isEqualTo(shape);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "==>", quoteCharacter = '`', textBlock = """
            a {}                                ==> a {}
            a "" {}                             ==> a "" {}
            a {b {c "d" {e: 1}}}                ==> a {b {c "d" {e: 1}}}
            a: x b {c: d}                       ==> a: x b {c: d}
            a: x b "t" {c: d} e: f              ==> a: x b "t" {c: d} e: f
            """)
    void sections_nest(String text, String shape) {
        assertThat(Shape.of(text)).isEqualTo(shape);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "==>", quoteCharacter = '`', textBlock = """
            ""                                  ==> ""
            "a b"                               ==> "a b"
            "\\\\ \\" \\' \\n \\r \\  \\x41\\x7a \\065" ==> "\\\\ \\" ' \\n \\r   Az A"
            "\\xc3\\xa9\\195\\169é"              ==> "ééé"
            \"""\"""                              ==> ""
            \"""a "b" ""c\"""                    ==> "a \\"b\\" \\"\\"c"
            """)
    void strings_are_read_with_their_escapes(String literal, String shape) {
        assertThat(Shape.of("a: " + literal)).isEqualTo("a: " + shape);
    }

    @Test
    void strings_go_over_lines_and_skip_the_indentation_behind_a_backslash() {
        assertThat(Shape.of("a: \"x\r\n  y\rz\"")).isEqualTo("a: \"x\\n  y\\rz\"");
        assertThat(Shape.of("a: \"x\\\r\n \t y\\\nz\\\n\"")).isEqualTo("a: \"xyz\"");
    }

    @Test
    void the_other_escapes_are_a_tab_and_a_backspace() {
        assertThat(Shape.of("a: \"\\t\\b\"")).isEqualTo("a: \"\t\b\"");
    }

    @Test
    void bytes_that_are_not_utf8_are_replaced_in_text_only() {
        byte[] content = "a: \"x\u00e9y\" # \u00e9".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Shape.of(content)).isEqualTo("a: \"x\ufffdy\"");
        assertThat(Shape.of("a: \"\\255\\xff\"")).isEqualTo("a: \"\ufffd\ufffd\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: 1 b: 2",
                " \ta\r\n:\n1\nb:2\r\n",
                "# comment\r\na: 1 # comment (*\nb: 2 # comment",
                "(* comment (* nested *) # *) a: (*)*) 1 (**) b: (*\n\"*) 2",
                "a:1(**)b:2"
            })
    void blanks_and_comments_mean_nothing(String text) {
        assertThat(Shape.of(text)).isEqualTo("a: 1 b: 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# nothing", "(* nothing *)"})
    void a_file_may_be_empty(String text) {
        assertThat(Shape.of(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "opam-version: \"2.0\" a: 1 opam-version: \"2.0\"",
                "a: 1 opam-version: \"1.2\"",
                "opam-version: \"2.1\" a { opam-version: \"2.1\" }",
                "opam-version: \"99999999999999999999\"",
                "a: 1 opam-version: 3"
            })
    void the_version_may_stand_where_it_stands_for_opam(String text) {
        assertThat(Shape.of(text)).isNotEmpty();
    }

    @Test
    void fields_and_values_know_where_they_stand() {
        String text = "a: 1\nbcd: [ \"é\" { x } ]  # end\n";
        Source source = new Source("opam", text.getBytes(StandardCharsets.UTF_8));
        List<Item> items = Parser.parse(source, name -> true);
        Field field = (Field) items.get(1);
        Value.Sequence list = (Value.Sequence) field.value();
        assertThat(source.text(items.get(0).start(), items.get(0).end())).isEqualTo("a: 1");
        assertThat(source.text(field.start(), field.end())).isEqualTo("bcd: [ \"é\" { x } ]");
        assertThat(source.text(list.start(), list.end())).isEqualTo("[ \"é\" { x } ]");
        assertThat(list.values()).singleElement().satisfies(option -> assertThat(
                        source.text(option.start(), option.end()))
                .isEqualTo("\"é\" { x }"));
    }

    @Test
    void of_what_nobody_wants_only_the_first_entry_is_kept_without_its_value() {
        String text = "a: [b {c} (d & e)] f { a: 1 g: [!h] } a: x f: 2 a { f: 3 }";
        Source source = new Source("opam", text.getBytes(StandardCharsets.UTF_8));
        List<Item> all = Parser.parse(source, name -> true);
        List<Item> some = Parser.parse(source, "f"::equals);
        Item first = new Field("a", Value.UNKEPT, all.get(0).start(), all.get(0).end());
        assertThat(some).containsExactly(first, all.get(1), all.get(3));
    }
}
