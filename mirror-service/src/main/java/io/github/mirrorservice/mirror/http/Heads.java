package io.github.mirrorservice.mirror.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Gives each request of a connection of HTTP/1.1 its turn: passes on the bytes of one head, and those of the next when the
 * answer is over. What is sent ahead is kept as bytes, one read of them at the most, because nothing more is read meanwhile.
 */
final class Heads extends ChannelInboundHandlerAdapter {

    private final HeadLines lines = new HeadLines();
    private ByteBuf ahead = Unpooled.EMPTY_BUFFER;
    private boolean answering;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ahead = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), ahead, (ByteBuf) message);
        if (answering) {
            context.channel().config().setAutoRead(false);
        } else {
            pass(context);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        answering |= event instanceof Refusal;
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
    }

    private void next(ChannelHandlerContext context) {
        if (!answering && ahead.isReadable()) {
            pass(context);
            context.fireChannelReadComplete();
        }
    }

    private void pass(ChannelHandlerContext context) {
        ByteBuf head = cut(lines.read(ahead));
        answering = lines.state() != HeadLines.State.INCOMPLETE;
        context.channel().config().setAutoRead(!ahead.isReadable());
        if (lines.state() == HeadLines.State.MALFORMED) {
            head.release();
            context.fireUserEventTriggered(Refusal.MALFORMED);
        } else {
            context.fireChannelRead(head);
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
