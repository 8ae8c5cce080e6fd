package io.github.mirrorservice.mirror.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Gives each request of a connection of HTTP/1.1 its turn: passes on the bytes of one head, those of its body if somebody
 * wants it, and those of the next head when the answer is over. What is sent ahead is kept as bytes, one read of them at
 * the most, because nothing more is read meanwhile.
 */
final class Heads extends ChannelInboundHandlerAdapter {

    /** What is longer is for the codec to refuse. What is not there to its end waits as bytes: as objects it would be many times as large. */
    private static final int LONGEST = 12 * 1024;

    private final HeadLines lines = new HeadLines();
    private ByteBuf ahead = Unpooled.EMPTY_BUFFER;
    private boolean answering;
    private int good;
    private long body;

    /**
     * Somebody reads the body of the request whose head has just been passed on.
     *
     * @param length how many bytes it has
     */
    record Wanted(long length) {}

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ahead = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), ahead, (ByteBuf) message);
        if (body > 0) {
            passBody(context);
        } else if (answering) {
            context.channel().config().setAutoRead(false);
        } else {
            pass(context);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        answering |= event instanceof Refusal;
        if (event instanceof Wanted wanted) {
            body = wanted.length();
            return;
        }
        context.fireUserEventTriggered(event);
        if (event instanceof Ended) {
            answering = false;
            if (ahead.isReadable()) {
                // Not at once: it would be one answer inside the end of another, as deep as there are requests.
                context.executor().execute(() -> next(context));
            }
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        ahead.release();
        ahead = Unpooled.EMPTY_BUFFER;
        body = 0;
    }

    /** Nothing is heard behind the last answer: the connection is closed by then. */
    private void next(ChannelHandlerContext context) {
        if (!answering && ahead.isReadable() && context.channel().isActive()) {
            pass(context);
            context.fireChannelReadComplete();
        }
    }

    private void pass(ChannelHandlerContext context) {
        good = lines.read(ahead, good);
        if (lines.state() == HeadLines.State.INCOMPLETE && good < LONGEST) {
            context.channel().config().setAutoRead(true);
            return;
        }
        ByteBuf head = cut(good);
        good = 0;
        answering = lines.state() != HeadLines.State.INCOMPLETE;
        context.channel().config().setAutoRead(!ahead.isReadable());
        boolean malformed = lines.state() == HeadLines.State.MALFORMED;
        if (malformed || lines.state() == HeadLines.State.LARGE) {
            head.release();
            context.fireUserEventTriggered(malformed ? Refusal.MALFORMED : Refusal.LARGE_HEAD);
        } else {
            context.fireChannelRead(head);
            passBody(context);
        }
    }

    /** As much of it as is there, which may be nothing. */
    private void passBody(ChannelHandlerContext context) {
        if (body > 0 && ahead.isReadable()) {
            ByteBuf some = cut((int) Math.min(body, ahead.readableBytes()));
            body -= some.readableBytes();
            context.channel().config().setAutoRead(!ahead.isReadable());
            context.fireChannelRead(some);
        }
    }

    private ByteBuf cut(int count) {
        if (count < ahead.readableBytes()) {
            return ahead.readRetainedSlice(count);
        }
        ByteBuf all = ahead;
        ahead = Unpooled.EMPTY_BUFFER;
        return all;
    }
}
