package io.github.mirrorservice.mirror.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Reads the raw bytes of requests before the codec does, and stops what the codec would forgive: a line that continues the
 * one above it (obs-fold), line ends other than CR LF, control bytes, bytes beyond ASCII in the request line, anything
 * but single spaces between its three words, a version in lower case. RFC 9112, sections 2.2, 3 and 5.2. A body is never read here, so that all
 * bytes that matter are heads.
 */
final class HeadLines extends ChannelInboundHandlerAdapter {

    private static final byte CR = '\r';
    private static final byte LF = '\n';
    private static final byte DEL = 0x7F;

    private boolean refused;
    private boolean inRequestLine = true;
    private boolean atLineStart = true;
    private boolean headBegun;
    private int words = 1;
    private byte previous = LF;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (refused) {
            bytes.release();
            return;
        }
        int wellFormed = readLines(bytes);
        if (!refused) {
            context.fireChannelRead(bytes);
            return;
        }
        ByteBuf headsBefore = bytes.readRetainedSlice(wellFormed);
        ReferenceCountUtil.release(bytes);
        context.fireChannelRead(headsBefore);
        context.fireUserEventTriggered(Refusal.MALFORMED);
    }

    /** How many of the bytes belong to heads that are complete; notes a refusal at the first bad byte. */
    private int readLines(ByteBuf bytes) {
        int begin = bytes.readerIndex();
        int complete = 0;
        for (int index = begin; index < bytes.writerIndex(); index++) {
            byte next = bytes.getByte(index);
            if (!belongs(next)) {
                refused = true;
                return complete;
            }
            if (advance(next)) {
                complete = index + 1 - begin;
            }
        }
        return complete;
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

    /** Whether the byte ends a head. */
    private boolean advance(byte next) {
        previous = next;
        if (next == CR) {
            return false;
        }
        if (next == ' ') {
            words++;
        }
        if (next != LF) {
            atLineStart = false;
            headBegun = true;
            return false;
        }
        boolean ends = atLineStart && headBegun;
        inRequestLine = ends || !headBegun;
        headBegun = headBegun && !ends;
        atLineStart = true;
        words = 1;
        return ends;
    }
}
