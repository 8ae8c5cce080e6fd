package io.github.mirrorservice.mirror.http;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.netty.FutureMono;

/**
 * The open connections of a listener and their streams of HTTP/2, counted as a whole and by address, each within its bound: what
 * clients hold of its memory without taking their answers.
 */
final class Connections {

    private static final int NETWORK_BYTES = 8;

    /** How many may stay for the moment in which they are told that there is no room. */
    private static final int MOST_LINGERING = 500;

    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final Map<ByteBuffer, Integer> byNetwork = new HashMap<>();
    private final int most;
    private final int mostPerAddress;
    private final AtomicInteger lingering = new AtomicInteger();
    private int admitted;
    private volatile boolean leaving;
    private volatile boolean finishing;

    Connections(ServerSettings settings) {
        most = settings.connections();
        mostPerAddress = settings.connectionsPerAddress();
    }

    /**
     * Counts the connection until it closes; says whether there is room for it. One that is turned away takes no place while
     * it is told so: otherwise one address that is turned away often enough would leave no room for any other.
     */
    boolean admit(Channel connection) {
        boolean room = take(connection, connection.remoteAddress());
        open.add(connection);
        return room && !finishing;
    }

    /**
     * Counts a connection that is turned away until it closes; says whether it may stay to be told so. Each is a file that is
     * open for a second, and a flood may be of any size.
     */
    boolean mayLinger(Channel connection) {
        connection.closeFuture().addListener(closed -> lingering.decrementAndGet());
        return lingering.incrementAndGet() <= MOST_LINGERING;
    }

    /** Counts a stream of HTTP/2 until it closes, as a connection; says whether there is room for it. */
    boolean admitStream(Channel stream) {
        return take(stream, stream.parent().remoteAddress());
    }

    private boolean take(Channel channel, SocketAddress from) {
        if (!(from instanceof InetSocketAddress address)) {
            return false;
        }
        ByteBuffer network = network(address.getAddress());
        boolean taken = take(network);
        if (taken) {
            channel.closeFuture().addListener(closed -> give(network));
        }
        return taken;
    }

    private synchronized boolean take(ByteBuffer network) {
        int mine = byNetwork.getOrDefault(network, 0);
        boolean room = admitted < most && mine < mostPerAddress;
        if (room) {
            admitted++;
            byNetwork.put(network, mine + 1);
        }
        return room;
    }

    private synchronized void give(ByteBuffer network) {
        admitted--;
        byNetwork.computeIfPresent(network, (same, count) -> count == 1 ? null : count - 1);
    }

    /** What counts as one address: all of IPv4's, and IPv6's first 64 bits, because whoever has one has them all. */
    static ByteBuffer network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, NETWORK_BYTES));
    }

    /** Whether a connection that begins now ends with its first answer. */
    boolean leaving() {
        return leaving;
    }

    int count() {
        return open.size();
    }

    /** Lets each connection, also those to come, end with its next answer. */
    void leave() {
        leaving = true;
        open.forEach(connection -> connection.pipeline().fireUserEventTriggered(Gate.LEAVE));
    }

    /** Admits none from now on, and lets each connection end with the answer under way. */
    void finish() {
        finishing = true;
        open.forEach(connection -> connection.pipeline().fireUserEventTriggered(Gate.DRAIN));
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
