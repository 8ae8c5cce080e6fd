package io.github.mirrorservice.mirror.http;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.netty.FutureMono;

/** The open connections of a listener, counted as a whole and by address, each within its bound. */
final class Connections {

    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final ConcurrentHashMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final int most;
    private final int mostPerAddress;
    private volatile boolean finishing;

    Connections(ServerSettings settings) {
        most = settings.connections();
        mostPerAddress = settings.connectionsPerAddress();
    }

    /** Counts the connection until it closes; says whether there is room for it. */
    boolean admit(Channel connection) {
        open.add(connection);
        boolean roomForAddress = connection.remoteAddress() instanceof InetSocketAddress from
                && countAddress(connection, from.getAddress());
        return roomForAddress && open.size() <= most && !finishing;
    }

    private boolean countAddress(Channel connection, InetAddress address) {
        int count = byAddress.merge(address, 1, Integer::sum);
        connection
                .closeFuture()
                .addListener(
                        closed -> byAddress.computeIfPresent(address, (same, open) -> open == 1 ? null : open - 1));
        return count <= mostPerAddress;
    }

    int count() {
        return open.size();
    }

    /** Admits none from now on, and lets each connection end with the answer under way. */
    void finish() {
        finishing = true;
        open.forEach(connection -> connection.pipeline().fireUserEventTriggered(Patience.DRAIN));
    }

    /** Completes when all that are open now have closed. */
    Mono<Void> closed() {
        return FutureMono.deferFuture(open::newCloseFuture);
    }

    /** Closes all at once. */
    Mono<Void> cut() {
        return FutureMono.deferFuture(open::close);
    }
}
