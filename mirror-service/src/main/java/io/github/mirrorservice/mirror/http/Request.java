package io.github.mirrorservice.mirror.http;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A request that passed the gate.
 *
 * @param head its request line and headers
 * @param channel the connection on which it came
 */
record Request(HttpRequest head, Channel channel) {

    HttpMethod method() {
        return head.method();
    }

    /** Its path and query as they were sent. */
    String target() {
        return head.uri();
    }

    HttpHeaders headers() {
        return head.headers();
    }

    /** Whether it came over TLS. */
    boolean secured() {
        Channel connection = channel.parent() instanceof ServerChannel ? channel : channel.parent();
        return connection.pipeline().get(SslHandler.class) != null;
    }

    /** The address and port of this side, if the connection is one of the Internet. */
    Optional<InetSocketAddress> here() {
        return channel.localAddress() instanceof InetSocketAddress address ? Optional.of(address) : Optional.empty();
    }
}
