package io.github.mirrorservice.mirror.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection whose client may still be sending. Closed at once it would be reset, and the answer lost with
 * it: so our side ends first, and theirs is read and thrown away for a moment. RFC 9112, section 9.6.
 */
final class Farewell {

    private static final long MOMENT_MILLIS = 1_000;

    private Farewell() {}

    @SuppressWarnings("FutureReturnValueIgnored") // whatever fails here, the connection's end is what was wanted
    static void say(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(true);
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (context.channel() instanceof DuplexChannel channel) {
            channel.shutdownOutput();
        }
        context.executor().schedule(() -> context.close(), MOMENT_MILLIS, TimeUnit.MILLISECONDS);
    }
}
