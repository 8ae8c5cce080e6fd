package io.github.mirrorservice.mirror.opam.format;

/**
 * Cuts a file in opam's format into tokens as opam's own lexer does: the longest token wins.
 *
 * <p>Takes time in proportion to the file's length, whatever is in it, and allocates nothing but its errors.
 */
final class Lexer {

    private final Source source;
    private final Words words;
    private int start;
    private int end;

    Lexer(Source source) {
        this.source = source;
        this.words = new Words(source);
    }

    /** The offset of the token that {@link #next} gave last. */
    int start() {
        return start;
    }

    /** The offset behind the token that {@link #next} gave last. */
    int end() {
        return end;
    }

    /** The next token; {@link Token#END} again and again behind the last one. */
    Token next() {
        start = Blank.end(source, end);
        if (start == source.length()) {
            end = start;
            return Token.END;
        }
        if (source.bytes()[start] == '"') {
            end = Quotation.end(source, start);
            return Token.STRING;
        }
        return words.isWordByte(start) ? word() : symbol();
    }

    private Token word() {
        int ident = words.identEnd(start);
        int digits = words.digitsEnd(start);
        end = Math.max(ident, digits);
        if (end == start) {
            throw unknown();
        }
        if (digits >= ident) {
            return Token.INT;
        }
        return words.isBool(start, end) ? Token.BOOL : Token.IDENT;
    }

    private Token symbol() {
        return switch (source.bytes()[start]) {
            case '{' -> cut(Token.OPEN_BRACE, 1);
            case '}' -> cut(Token.CLOSE_BRACE, 1);
            case '[' -> cut(Token.OPEN_BRACKET, 1);
            case ']' -> cut(Token.CLOSE_BRACKET, 1);
            case '(' -> cut(Token.OPEN_PAREN, 1);
            case ')' -> cut(Token.CLOSE_PAREN, 1);
            case '&' -> cut(Token.AND, 1);
            case '|' -> cut(Token.OR, 1);
            case '?' -> cut(Token.DEFINED, 1);
            // An old spelling.
            case '~' -> cut(Token.AT_LEAST, 1);
            case '!' -> cutWithEqual(Token.NOT, Token.NOT_EQUAL);
            case '<' -> cutWithEqual(Token.BELOW, Token.AT_MOST);
            case '>' -> cutWithEqual(Token.ABOVE, Token.AT_LEAST);
            case ':' -> cutWithEqual(Token.COLON, Token.APPEND_SEPARATED);
            case '+' -> plus();
            case '=' -> equal();
            default -> throw unknown();
        };
    }

    private Token plus() {
        if (source.has(start + 1, '=')) {
            return cut(Token.APPEND, 2);
        }
        throw unknown();
    }

    private Token equal() {
        boolean equal = source.has(start + 2, '=');
        if (source.has(start + 1, '+')) {
            return equal ? cut(Token.REPLACE, 3) : cut(Token.PREPEND, 2);
        }
        if (!source.has(start + 1, ':')) {
            return cut(Token.EQUAL, 1);
        }
        if (equal) {
            throw source.broken(start, "'=:=' is no operator");
        }
        return cut(Token.PREPEND_SEPARATED, 2);
    }

    private Token cutWithEqual(Token without, Token with) {
        return source.has(start + 1, '=') ? cut(with, 2) : cut(without, 1);
    }

    private Token cut(Token token, int length) {
        end = start + length;
        return token;
    }

    private OpamSyntaxException unknown() {
        int octet = source.bytes()[start] & 0xFF;
        String shown = octet > ' ' && octet < 0x7F ? "'" + (char) octet + "'" : "byte 0x%02X".formatted(octet);
        return source.broken(start, shown + " does not begin a token");
    }
}
