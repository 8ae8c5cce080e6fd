package io.github.mirrorservice.mirror.opam.format;

import io.github.mirrorservice.mirror.opam.format.Item.Field;
import io.github.mirrorservice.mirror.opam.format.Item.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a file in opam's format by recursive descent. Operators bind as in opam's grammar: {@code |} weakest, then {@code &},
 * then {@code !} and {@code ?}, then {@code {options}}, then comparisons.
 */
final class Parser {

    /** How deep values and sections may nest. In opam-repository it is 6; a hostile file must not exhaust the stack. */
    static final int MAX_DEPTH = 64;

    private final Source source;
    private final Lexer lexer;
    private Token token;
    private int lastEnd;
    private int depth;

    private Parser(Source source) {
        this.source = source;
        this.lexer = new Lexer(source);
        this.token = lexer.next();
    }

    /**
     * All entries of a file.
     *
     * @throws OpamSyntaxException at the first place that opam would not read either, or that nests deeper than
     *     {@link #MAX_DEPTH}
     */
    static List<Item> parse(Source source) {
        Parser parser = new Parser(source);
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
            items.add(item());
        }
        return items;
    }

    private Item item() {
        int start = lexer.start();
        String name = FieldNames.of(source.bytes(), start, lexer.end());
        advance();
        if (token != Token.COLON) {
            return section(name, start);
        }
        advance();
        return new Field(name, value(), start, lastEnd);
    }

    private Section section(String kind, int start) {
        Optional<Value.Text> title = token == Token.STRING ? Optional.of(string()) : Optional.empty();
        if (token != Token.OPEN_BRACE) {
            throw expected(title.isPresent() ? "'{'" : "':' or '{'");
        }
        enter();
        List<Item> items = items();
        leave(Token.CLOSE_BRACE, "a field, a section or '}'");
        return new Section(kind, title, items, start, lastEnd);
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
        List<Value> operands = new ArrayList<>(2);
        operands.add(first);
        while (token == operator) {
            advance();
            operands.add(link(operator));
        }
        return new Value.Logic(operator, operands, start, lastEnd);
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
        return new Value.Prefixed(operator, operand, start, lastEnd);
    }

    private Value optional() {
        int start = lexer.start();
        Value value = simple();
        int outer = depth;
        while (token == Token.OPEN_BRACE) {
            List<Value> options = values(Token.CLOSE_BRACE);
            value = new Value.Option(value, options, start, lastEnd);
            // Options on options are a deeper tree, too.
            depth++;
        }
        depth = outer;
        return value;
    }

    private Value simple() {
        int start = lexer.start();
        if (token == Token.OPEN_BRACKET) {
            return new Value.Sequence(values(Token.CLOSE_BRACKET), start, lastEnd);
        }
        if (token == Token.OPEN_PAREN) {
            return new Value.Group(values(Token.CLOSE_PAREN), start, lastEnd);
        }
        return token.isComparison() ? comparison(start) : relation(start);
    }

    private Value comparison(int start) {
        Token operator = token;
        advance();
        return new Value.Prefixed(operator, atom(), start, lastEnd);
    }

    private Value relation(int start) {
        Value left = atom();
        if (!token.isComparison() && !token.isUpdate()) {
            return left;
        }
        Token operator = token;
        advance();
        return new Value.Relation(left, operator, atom(), start, lastEnd);
    }

    private List<Value> values(Token close) {
        enter();
        List<Value> values = values();
        leave(close, "a value or " + close.description());
        return values;
    }

    private List<Value> values() {
        if (!token.beginsValue()) {
            return List.of();
        }
        Value first = value();
        if (!token.beginsValue()) {
            // Most lists have one element: no array for ten.
            return List.of(first);
        }
        List<Value> values = new ArrayList<>();
        values.add(first);
        while (token.beginsValue()) {
            values.add(value());
        }
        return values;
    }

    private Value atom() {
        int start = lexer.start();
        int end = lexer.end();
        Value atom =
                switch (token) {
                    case STRING -> new Value.Text(source, start, end);
                    case IDENT -> new Value.Ident(source, start, end);
                    case BOOL -> new Value.Bool(source.has(start, 't'), start, end);
                    case INT -> new Value.Int(Words.number(source, start, end), start, end);
                    default -> throw expected("a value");
                };
        advance();
        return atom;
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

    private void leave(Token close, String expected) {
        if (token != close) {
            throw expected(expected);
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
