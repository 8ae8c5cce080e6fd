package io.github.mirrorservice.mirror.http;

import io.netty.buffer.ByteBuf;

/**
 * Reads the raw bytes of requests before the codec does, and finds what the codec would forgive: a line that continues the
 * one above it (obs-fold), line ends other than CR LF, control bytes, bytes beyond ASCII in the request line, anything
 * but single spaces between its three words, a version in lower case. RFC 9112, sections 2.2, 3 and 5.2. A body is never
 * read here, so that all bytes that matter are heads.
 */
final class HeadLines {

    private static final byte CR = '\r';
    private static final byte LF = '\n';
    private static final byte DEL = 0x7F;

    /** The codec keeps what has come of a head as objects, of which a small field takes fifty times its bytes. */
    private static final int MOST_LINES = 1 + Admission.MOST_FIELDS;

    private State state = State.INCOMPLETE;
    private int ended;
    private boolean inRequestLine = true;
    private boolean atLineStart = true;
    private boolean headBegun;
    private int words = 1;
    private byte previous = LF;

    /** What the bytes read so far are. */
    enum State {
        /** The beginning of a head, or nothing yet. */
        INCOMPLETE,
        /** A head to its end. */
        COMPLETE,
        /** No head, whatever may follow. */
        MALFORMED,
        /** A head of too many fields, whatever may follow. */
        LARGE
    }

    State state() {
        return state;
    }

    /** Reads on until a head is complete, and returns how many bytes were good. The reader index stays. */
    int read(ByteBuf bytes) {
        return read(bytes, 0);
    }

    /** The same where so many of the bytes were read and good before. */
    int read(ByteBuf bytes, int before) {
        state = State.INCOMPLETE;
        int index = bytes.readerIndex() + before;
        while (state == State.INCOMPLETE && index < bytes.writerIndex()) {
            byte next = bytes.getByte(index);
            if (belongs(next)) {
                advance(next);
                index++;
            } else {
                state = State.MALFORMED;
            }
        }
        return index - bytes.readerIndex();
    }

    private boolean belongs(byte next) {
        if (previous == CR || next == LF) {
            return previous == CR && next == LF;
        }
        if (next == CR) {
            return true;
        }
        return inRequestLine ? belongsToRequestLine(next) : belongsToHeader(next);
    }

    private boolean belongsToRequestLine(byte next) {
        if (next == ' ') {
            return !atLineStart && previous != ' ' && words < 3;
        }
        return next > ' ' && next < (words < 3 ? DEL : 'a');
    }

    private boolean belongsToHeader(byte next) {
        boolean blank = next == ' ' || next == '\t';
        boolean control = (next >= 0 && next < ' ') || next == DEL;
        return blank ? !atLineStart : !control;
    }

    private void advance(byte next) {
        previous = next;
        if (next == LF) {
            endLine();
        } else if (next != CR) {
            words += next == ' ' ? 1 : 0;
            atLineStart = false;
            headBegun = true;
        }
    }

    /** An empty line ends the head that has begun; RFC 9112 lets others stand before it. */
    private void endLine() {
        boolean ends = atLineStart && headBegun;
        ended = ends || !headBegun ? 0 : ended + 1;
        inRequestLine = ends || !headBegun;
        headBegun &= !ends;
        atLineStart = true;
        words = 1;
        if (ends) {
            state = State.COMPLETE;
        } else if (ended > MOST_LINES) {
            state = State.LARGE;
        }
    }
}
