package io.github.mirrorservice.mirror.opam;

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
            case '{' -> one(Token.OPEN_BRACE);
            case '}' -> one(Token.CLOSE_BRACE);
            case '[' -> one(Token.OPEN_BRACKET);
            case ']' -> one(Token.CLOSE_BRACKET);
            case '(' -> one(Token.OPEN_PAREN);
            case ')' -> one(Token.CLOSE_PAREN);
            case '&' -> one(Token.AND);
            case '|' -> one(Token.OR);
            case '?' -> one(Token.DEFINED);
            // An old spelling.
            case '~' -> one(Token.AT_LEAST);
            case '!' -> withEqual(Token.NOT, Token.NOT_EQUAL);
            case '<' -> withEqual(Token.BELOW, Token.AT_MOST);
            case '>' -> withEqual(Token.ABOVE, Token.AT_LEAST);
            case ':' -> withEqual(Token.COLON, Token.APPEND_SEPARATED);
            case '+' -> plus();
            case '=' -> equal();
            default -> throw unknown();
        };
    }

    private Token plus() {
        if (!source.has(start + 1, '=')) {
            throw unknown();
        }
        end = start + 2;
        return Token.APPEND;
    }

    private Token equal() {
        end = start + 2;
        if (source.has(start + 1, '+')) {
            return withEqual(Token.PREPEND, Token.REPLACE);
        }
        if (!source.has(start + 1, ':')) {
            return one(Token.EQUAL);
        }
        if (source.has(end, '=')) {
            throw source.broken(start, "'=:=' is no operator");
        }
        return Token.PREPEND_SEPARATED;
    }

    private Token one(Token token) {
        end = start + 1;
        return token;
    }

    private Token withEqual(Token without, Token with) {
        int sign = without == Token.PREPEND ? start + 2 : start + 1;
        boolean equal = source.has(sign, '=');
        end = equal ? sign + 1 : sign;
        return equal ? with : without;
    }

    private OpamSyntaxException unknown() {
        int octet = source.bytes()[start] & 0xFF;
        String shown = octet > ' ' && octet < 0x7F ? "'" + (char) octet + "'" : "byte 0x%02X".formatted(octet);
        return source.broken(start, shown + " does not begin a token");
    }
}
