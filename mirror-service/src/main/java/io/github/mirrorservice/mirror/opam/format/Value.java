package io.github.mirrorservice.mirror.opam.format;

import java.util.List;

/** What a field of an opam file holds, with the offsets of its first byte and of the byte behind its last. */
sealed interface Value {

    /** Stands for every value that nobody wants. */
    Value UNKEPT = new Unkept(0, 0);

    int start();

    int end();

    /** {@code "text"} or {@code """text"""}; read out of the source only when asked for, because most never are. */
    record Text(Source source, int start, int end) implements Value {
        String text() {
            return Quotation.text(source, start, end);
        }
    }

    /** A value that was checked and forgotten; where it stood is forgotten as well. */
    record Unkept(int start, int end) implements Value {}

    /** {@code name}, {@code package:name} or {@code package+package:name}. */
    record Ident(Source source, int start, int end) implements Value {
        String name() {
            return source.text(start, end);
        }
    }

    /** {@code true} or {@code false}. */
    record Bool(boolean value, int start, int end) implements Value {}

    /** {@code -12}, at most 63 bits. */
    record Int(long value, int start, int end) implements Value {}

    /** {@code [value value]}. */
    record Sequence(List<Value> values, int start, int end) implements Value {}

    /** {@code (value value)}. */
    record Group(List<Value> values, int start, int end) implements Value {}

    /** {@code value {option option}}. */
    record Option(Value value, List<Value> options, int start, int end) implements Value {}

    /** {@code atom = atom}, or an update of a variable, {@code atom += atom}. */
    record Relation(Value left, Token operator, Value right, int start, int end) implements Value {}

    /** {@code >= atom}, {@code !value} or {@code ?value}. */
    record Prefixed(Token operator, Value operand, int start, int end) implements Value {}

    /** {@code value & value & value}, flat, so that a long chain is not a deep tree. */
    record Logic(Token operator, List<Value> operands, int start, int end) implements Value {}
}
