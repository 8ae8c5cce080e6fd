package io.github.mirrorservice.mirror.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ServerSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.FutureMono;
import reactor.netty.resources.LoopResources;

/** A listener that answers HTTP, within the bounds of its settings, until it is drained. */
public final class Server {

    /** Clients send little, and what they send ahead of its turn waits here: four times less than by default. */
    private static final RecvByteBufAllocator SMALL_READS = new AdaptiveRecvByteBufAllocator(64, 2 * 1024, 16 * 1024);

    private final Channel listener;
    private final Connections connections;

    private Server(Channel listener, Connections connections) {
        this.listener = listener;
        this.connections = connections;
    }

    /**
     * Emits the listener when it accepts connections. It listens from subscription on; cancelling before it is emitted
     * closes it.
     * Fails with {@link ChannelBindException} if the address is taken, not allowed, or not one of this machine.
     *
     * @param loops the event loops that serve it; they are not disposed with it
     */
    public static Mono<Server> bind(ServerSettings settings, LoopResources loops, Routes routes) {
        Connections connections = new Connections(settings);
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
        EventLoopGroup serving = loops.onServer(LoopResources.DEFAULT_NATIVE);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.onServerSelect(LoopResources.DEFAULT_NATIVE), serving)
                .channelFactory(() -> loops.onChannel(ServerSocketChannel.class, serving))
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, SMALL_READS)
                .childHandler(new Reception(settings, routes, connections));
        return Mono.defer(() -> bound(bootstrap.bind(address)))
                .onErrorMap(cause -> ChannelBindException.fail(address, cause))
                .map(listener -> new Server(listener, connections));
    }

    private static Mono<Channel> bound(ChannelFuture bound) {
        Channel listener = bound.channel();
        return FutureMono.from(bound).thenReturn(listener).doOnCancel(() -> close(listener));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody is left who could be told
    private static void close(Channel listener) {
        listener.close();
    }

    /** The port it listens on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.count();
    }

    /**
     * Tells clients with each answer that it is the last of its connection: who asks again and again goes elsewhere, and does
     * not ask just when a connection is closed. Completes after that time, also if no connection is open: who sends clients
     * here may not know yet that it should not. Work starts at subscription.
     */
    public Mono<Void> leave(Duration time) {
        return Mono.fromRunnable(connections::leave).then(Mono.delay(time)).then();
    }

    /**
     * Stops accepting, lets answers under way end, and closes each connection after its last one; what is not done in
     * time is cut. Completes when no connection is left. Work starts at subscription.
     */
    public Mono<Void> drain(Duration patience) {
        return FutureMono.deferFuture(listener::close)
                .then(Mono.fromRunnable(connections::finish))
                .then(connections.closed().timeout(patience, connections.cut()));
    }
}
