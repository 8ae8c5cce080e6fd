package io.github.mirrorservice.mirror.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection whose client may still be sending. Closed at once it would be reset, and the answer lost with
 * it: so our side ends first, and what they send is thrown away until they end, are silent for a while, or never stop.
 * RFC 9112, section 9.6; the times are those of nginx, {@code lingering_timeout} and {@code lingering_time}.
 */
final class Farewell extends ChannelInboundHandlerAdapter {

    private static final int SILENT_SECONDS = 5;
    private static final int MOST_SECONDS = 30;

    private int seconds;
    private int silent;

    private Farewell() {}

    /** Ends our side of the connection, after what was flushed; no handler but that of TLS hears any more of theirs. */
    static void say(ChannelHandlerContext context) {
        ChannelPipeline pipeline = context.pipeline();
        ChannelHandlerContext tls = pipeline.context(SslHandler.class);
        if (tls == null) {
            pipeline.addFirst(new Farewell());
        } else {
            pipeline.addAfter(tls.name(), null, new Farewell());
        }
        if (pipeline.get(Heads.class) != null) {
            pipeline.remove(Heads.class);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        endOurSide(context);
        context.channel().config().setAutoRead(true);
        tick(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        silent = 0;
        ReferenceCountUtil.release(message);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whatever fails here, the connection's end is what was wanted
    static void endOurSide(ChannelHandlerContext context) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (context.channel() instanceof DuplexChannel channel) {
            channel.shutdownOutput();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the connection's end ends it
    private void tick(ChannelHandlerContext context) {
        if (silent == SILENT_SECONDS || seconds == MOST_SECONDS) {
            context.close();
        } else if (context.channel().isOpen()) {
            seconds++;
            silent++;
            context.executor().schedule(() -> tick(context), 1, TimeUnit.SECONDS);
        }
    }
}
