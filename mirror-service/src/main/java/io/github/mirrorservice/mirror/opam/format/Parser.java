package io.github.mirrorservice.mirror.opam.format;

import io.github.mirrorservice.mirror.opam.format.Item.Field;
import io.github.mirrorservice.mirror.opam.format.Item.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads a file in opam's format by recursive descent. Operators bind as in opam's grammar: {@code |} weakest, then {@code &},
 * then {@code !} and {@code ?}, then {@code {options}}, then comparisons.
 */
final class Parser {

    /** How deep values and sections may nest. In opam-repository it is 6; a hostile file must not exhaust the stack. */
    static final int MAX_DEPTH = 64;

    private final Source source;
    private final Predicate<String> wanted;
    private final Lexer lexer;
    private Token token;
    private boolean kept;
    private int lastEnd;
    private int depth;

    private Parser(Source source, Predicate<String> wanted) {
        this.source = source;
        this.wanted = wanted;
        this.lexer = new Lexer(source);
        this.token = lexer.next();
    }

    /**
     * The entries of a file that are wanted. Most of what opam files hold is of no use here: it is checked all the same, but
     * nothing is made of it. The first entry is always there, its value perhaps {@link Value.Unkept}, since its place counts.
     *
     * @param wanted by its name, whether a field or section at the top is kept
     * @throws OpamSyntaxException at the first place that opam would not read either, or that nests deeper than
     *     {@link #MAX_DEPTH}
     */
    static List<Item> parse(Source source, Predicate<String> wanted) {
        Parser parser = new Parser(source, wanted.or(FormatVersion.FIELD::equals));
        List<Item> items = parser.items();
        if (parser.token != Token.END) {
            throw parser.expected("a field or a section");
        }
        FormatVersion.requireInFront(source, items);
        return items;
    }

    private List<Item> items() {
        List<Item> items = new ArrayList<>();
        while (token == Token.IDENT) {
            item(items);
        }
        return items;
    }

    private void item(List<Item> items) {
        int start = lexer.start();
        String name = FieldNames.of(source.bytes(), start, lexer.end());
        kept = depth > 0 ? kept : wanted.test(name);
        advance();
        if (token == Token.COLON) {
            field(name, start, items);
        } else {
            section(name, start, items);
        }
    }

    private void field(String name, int start, List<Item> before) {
        advance();
        Value value = value();
        if (kept || before.isEmpty()) {
            before.add(new Field(name, value, start, lastEnd));
        }
    }

    private void section(String kind, int start, List<Item> before) {
        Optional<Value.Text> title = token == Token.STRING ? Optional.of(string()) : Optional.empty();
        if (token != Token.OPEN_BRACE) {
            throw expected(title.isPresent() ? "'{'" : "':' or '{'");
        }
        enter();
        List<Item> items = items();
        leave("a field, a section", Token.CLOSE_BRACE);
        if (kept || before.isEmpty()) {
            before.add(new Section(kind, title, items, start, lastEnd));
        }
    }

    private Value value() {
        return chain(Token.OR);
    }

    /** Values joined by {@code operator}, or the one value there is. */
    private Value chain(Token operator) {
        int start = lexer.start();
        Value first = link(operator);
        if (token != operator) {
            return first;
        }
        List<Value> operands = new ArrayList<>(kept ? 2 : 0);
        keep(first, operands);
        while (token == operator) {
            advance();
            keep(link(operator), operands);
        }
        return kept ? new Value.Logic(operator, operands, start, lastEnd) : Value.UNKEPT;
    }

    private Value link(Token operator) {
        return operator == Token.OR ? chain(Token.AND) : prefixed();
    }

    private Value prefixed() {
        if (!token.isPrefix()) {
            return optional();
        }
        int start = lexer.start();
        Token operator = token;
        enter();
        Value operand = prefixed();
        depth--;
        return kept ? new Value.Prefixed(operator, operand, start, lastEnd) : Value.UNKEPT;
    }

    private Value optional() {
        int start = lexer.start();
        Value value = simple();
        int outer = depth;
        while (token == Token.OPEN_BRACE) {
            List<Value> options = values(Token.CLOSE_BRACE);
            value = kept ? new Value.Option(value, options, start, lastEnd) : Value.UNKEPT;
            // Options on options are a deeper tree, too.
            depth++;
        }
        depth = outer;
        return value;
    }

    private Value simple() {
        int start = lexer.start();
        if (token == Token.OPEN_BRACKET) {
            List<Value> values = values(Token.CLOSE_BRACKET);
            return kept ? new Value.Sequence(values, start, lastEnd) : Value.UNKEPT;
        }
        if (token == Token.OPEN_PAREN) {
            List<Value> values = values(Token.CLOSE_PAREN);
            return kept ? new Value.Group(values, start, lastEnd) : Value.UNKEPT;
        }
        return token.isComparison() ? comparison(start) : relation(start);
    }

    private Value comparison(int start) {
        Token operator = token;
        advance();
        Value operand = atom();
        return kept ? new Value.Prefixed(operator, operand, start, lastEnd) : Value.UNKEPT;
    }

    private Value relation(int start) {
        Value left = atom();
        if (!token.isComparison() && !token.isUpdate()) {
            return left;
        }
        Token operator = token;
        advance();
        Value right = atom();
        return kept ? new Value.Relation(left, operator, right, start, lastEnd) : Value.UNKEPT;
    }

    private List<Value> values(Token close) {
        enter();
        List<Value> values = values();
        leave("a value", close);
        return values;
    }

    private List<Value> values() {
        if (!token.beginsValue()) {
            return List.of();
        }
        Value first = value();
        if (!token.beginsValue()) {
            // Most lists have one element: no array for ten.
            return kept ? List.of(first) : List.of();
        }
        List<Value> values = new ArrayList<>(kept ? 10 : 0);
        keep(first, values);
        while (token.beginsValue()) {
            keep(value(), values);
        }
        return values;
    }

    private void keep(Value value, List<Value> values) {
        if (kept) {
            values.add(value);
        }
    }

    private Value atom() {
        int start = lexer.start();
        int end = lexer.end();
        Value atom =
                switch (token) {
                    case STRING -> kept ? new Value.Text(source, start, end) : Value.UNKEPT;
                    case IDENT -> kept ? new Value.Ident(source, start, end) : Value.UNKEPT;
                    case BOOL -> kept ? new Value.Bool(source.has(start, 't'), start, end) : Value.UNKEPT;
                    case INT -> integer(start, end);
                    default -> throw expected("a value");
                };
        advance();
        return atom;
    }

    private Value integer(int start, int end) {
        long number = Words.number(source, start, end);
        return kept ? new Value.Int(number, start, end) : Value.UNKEPT;
    }

    private Value.Text string() {
        Value.Text text = new Value.Text(source, lexer.start(), lexer.end());
        advance();
        return text;
    }

    private void enter() {
        if (depth >= MAX_DEPTH) {
            throw source.broken(lexer.start(), "nested deeper than " + MAX_DEPTH);
        }
        depth++;
        advance();
    }

    private void leave(String content, Token close) {
        if (token != close) {
            throw expected(content + " or " + close.description());
        }
        depth--;
        advance();
    }

    private void advance() {
        lastEnd = lexer.end();
        token = lexer.next();
    }

    private OpamSyntaxException expected(String what) {
        return source.broken(lexer.start(), "expected " + what + ", found " + token.description());
    }
}
