package io.github.mirrorservice.mirror.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.FutureMono;
import reactor.netty.resources.LoopResources;

/** A listener that answers HTTP/1.1, within the bounds of its settings, until it is drained. */
public final class Server {

    private static final int LONGEST_REQUEST_LINE = 4_096;
    private static final int LARGEST_HEAD = 8_192;
    private static final HttpDecoderConfig HEADS = new HttpDecoderConfig()
            .setMaxInitialLineLength(LONGEST_REQUEST_LINE)
            .setMaxHeaderSize(LARGEST_HEAD);

    /**
     * How many bytes the kernel takes ahead of what it has sent; it asks for more when half of them are gone. Left alone it
     * takes megabytes, and a slow client that reads on looks like one that does not. Less would cost CPU: at 128 KiB an
     * index cost half as much again.
     */
    private static final int MOST_UNSENT = 512 * 1024;

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
                .childHandler(new Furnish(settings, routes, connections));
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

    /** What becomes of a new connection. */
    private static final class Furnish extends ChannelInitializer<Channel> {

        private final ServerSettings settings;
        private final Routes routes;
        private final Connections connections;

        Furnish(ServerSettings settings, Routes routes, Connections connections) {
            this.settings = settings;
            this.routes = routes;
            this.connections = connections;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (connections.admit(channel)) {
                furnish(channel);
            } else {
                channel.pipeline().addLast(new TurnAway());
                routes.tally().ifPresent(Tally::turnedAway);
            }
        }

        private void furnish(Channel channel) {
            if (channel.config() instanceof EpollSocketChannelConfig config) {
                config.setTcpNotSentLowAt(MOST_UNSENT);
            }
            ChannelPipeline pipeline = channel.pipeline();
            pipeline.addLast(new HeadLines(), new HttpServerCodec(HEADS), new Gate(), new Patience(settings));
            routes.tally().ifPresent(tally -> pipeline.addLast(new Stopwatch(tally)));
            pipeline.addLast(new Responder(routes));
        }
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
     * Stops accepting, lets answers under way end, and closes each connection after its last one; what is not done in
     * time is cut. Completes when no connection is left. Work starts at subscription.
     */
    public Mono<Void> drain(Duration patience) {
        return FutureMono.deferFuture(listener::close)
                .then(Mono.fromRunnable(connections::finish))
                .then(connections.closed().timeout(patience, connections.cut()));
    }
}
