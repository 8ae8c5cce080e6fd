package io.github.mirrorservice.mirror.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Stands in place of everything else on a connection that there is no room for: says so, and closes. */
final class TurnAway extends ChannelInboundHandlerAdapter {

    private static final ByteBuf NO_ROOM = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            StandardCharsets.US_ASCII));

    /** How long it may read that: not as long as {@link Farewell}, because these may be very many. */
    private static final long MOMENT_MILLIS = 1_000;

    private final boolean secured;

    /** Where TLS is spoken nothing can be said before a handshake, and there is no room for one. */
    TurnAway(boolean secured) {
        this.secured = secured;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // whatever fails here, the connection's end is what was wanted
    public void channelActive(ChannelHandlerContext context) {
        if (secured) {
            context.close();
        } else {
            context.writeAndFlush(NO_ROOM.duplicate()).addListener(written -> Farewell.endOurSide(context));
            context.executor().schedule(() -> context.close(), MOMENT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The client has gone: nobody is there who could be told. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a connection that cannot be closed is closed already
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }
}
