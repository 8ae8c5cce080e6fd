package io.github.mirrorservice.mirror.opam.format;

/** A word of opam's format. Operators stand in the syntax tree as well. */
enum Token {
    STRING("a string"),
    IDENT("an identifier"),
    BOOL("a boolean"),
    INT("an integer"),
    COLON("':'"),
    OPEN_BRACE("'{'"),
    CLOSE_BRACE("'}'"),
    OPEN_BRACKET("'['"),
    CLOSE_BRACKET("']'"),
    OPEN_PAREN("'('"),
    CLOSE_PAREN("')'"),
    EQUAL("'='"),
    NOT_EQUAL("'!='"),
    AT_LEAST("'>='"),
    ABOVE("'>'"),
    AT_MOST("'<='"),
    BELOW("'<'"),
    AND("'&'"),
    OR("'|'"),
    NOT("'!'"),
    DEFINED("'?'"),
    APPEND("'+='"),
    PREPEND("'=+'"),
    REPLACE("'=+='"),
    APPEND_SEPARATED("':='"),
    PREPEND_SEPARATED("'=:'"),
    END("the end of the file");

    private final String description;

    Token(String description) {
        this.description = description;
    }

    /** What a message calls it. */
    String description() {
        return description;
    }

    /** A string, identifier, boolean or integer. */
    boolean isAtom() {
        return compareTo(INT) <= 0;
    }

    /** Whether a value can begin with it. */
    boolean beginsValue() {
        return isAtom() || isComparison() || isPrefix() || this == OPEN_BRACKET || this == OPEN_PAREN;
    }

    /** An operator that compares two atoms, or one atom with what is implied. */
    boolean isComparison() {
        return compareTo(EQUAL) >= 0 && compareTo(BELOW) <= 0;
    }

    /** An operator that changes an environment variable. */
    boolean isUpdate() {
        return compareTo(APPEND) >= 0 && compareTo(PREPEND_SEPARATED) <= 0;
    }

    /** An operator in front of a whole value. */
    boolean isPrefix() {
        return this == NOT || this == DEFINED;
    }
}
