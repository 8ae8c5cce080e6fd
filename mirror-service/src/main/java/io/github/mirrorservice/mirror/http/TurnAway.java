package io.github.mirrorservice.mirror.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/** Stands in place of everything else on a connection that there is no room for: says so, and closes. */
final class TurnAway extends ChannelInboundHandlerAdapter {

    private static final ByteBuf NO_ROOM = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            StandardCharsets.US_ASCII));

    private final boolean secured;

    /** Where TLS is spoken nothing can be said before a handshake, and there is no room for one. */
    TurnAway(boolean secured) {
        this.secured = secured;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (secured) {
            context.close().addListener(ChannelFutureListener.CLOSE);
            return;
        }
        context.writeAndFlush(NO_ROOM.duplicate()).addListener(written -> Farewell.say(context));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }
}
