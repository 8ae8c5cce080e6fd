package io.github.mirrorservice.mirror.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/** A listener that answers HTTP/1.1, within the bounds of its settings, until it is drained. */
public final class Server {

    private static final int LONGEST_REQUEST_LINE = 4_096;
    private static final int LARGEST_HEAD = 8_192;

    /**
     * How many bytes the kernel takes ahead of what it has sent; it asks for more when half of them are gone. Left alone it
     * takes megabytes, and a slow client that reads on looks like one that does not. Less would cost CPU: at 128 KiB an
     * index cost half as much again.
     */
    private static final int MOST_UNSENT = 512 * 1024;

    private final DisposableServer listener;
    private final Connections connections;

    private Server(DisposableServer listener, Connections connections) {
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
        return HttpServer.create()
                .host(settings.host())
                .port(settings.port())
                .runOn(loops)
                .httpRequestDecoder(decoder ->
                        decoder.maxInitialLineLength(LONGEST_REQUEST_LINE).maxHeaderSize(LARGEST_HEAD))
                .doOnChannelInit((observer, channel, remote) -> receive(channel, connections, settings, routes.tally()))
                .handle(routes::answer)
                .bind()
                .map(listener -> new Server(listener, connections));
    }

    private static void receive(
            Channel channel, Connections connections, ServerSettings settings, Optional<Tally> tally) {
        if (connections.admit(channel)) {
            furnish(channel, settings, tally);
        } else {
            channel.pipeline().addFirst(new TurnAway());
            tally.ifPresent(Tally::turnedAway);
        }
    }

    private static void furnish(Channel channel, ServerSettings settings, Optional<Tally> tally) {
        if (channel.config() instanceof EpollSocketChannelConfig config) {
            config.setTcpNotSentLowAt(MOST_UNSENT);
        }
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addBefore(NettyPipeline.HttpCodec, "headLines", new HeadLines());
        pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "gate", new Gate());
        pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "patience", new Patience(settings));
        tally.ifPresent(
                meters -> pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "stopwatch", new Stopwatch(meters)));
    }

    /** The port it listens on. */
    public int port() {
        return listener.port();
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
        return Mono.defer(this::stopAccepting)
                .then(Mono.fromRunnable(connections::finish))
                .then(connections.closed().timeout(patience, connections.cut()));
    }

    private Mono<Void> stopAccepting() {
        listener.dispose();
        return listener.onDispose();
    }
}
