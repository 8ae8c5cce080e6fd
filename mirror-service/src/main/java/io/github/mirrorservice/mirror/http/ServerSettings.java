package io.github.mirrorservice.mirror.http;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where a listener listens and how much it bears from its clients.
 *
 * @param host the address to listen on
 * @param port the port, or 0 for any free one
 * @param connections how many connections it holds at once, streams of HTTP/2 counted as well
 * @param connectionsPerAddress how many of them may come from one address
 * @param headTimeout how long a request's head may take, counted from its first byte or from the connection's start
 * @param idleTimeout how long a connection may rest between two requests
 * @param writeTimeout how long a client may leave its answer untouched; a slow client that reads on is not cut
 * @param slowestReader how many bytes a second a client takes at the least, on average over a whole answer and after the
 *     write timeout as a start: what holds an answer, and the memory of an old index with it, ends in a bounded time
 * @param http2 whether HTTP/2 is spoken with clients that begin with it
 * @param tls what TLS is spoken with, if it is
 */
public record ServerSettings(
        String host,
        int port,
        int connections,
        int connectionsPerAddress,
        Duration headTimeout,
        Duration idleTimeout,
        Duration writeTimeout,
        int slowestReader,
        boolean http2,
        Optional<Tls> tls) {

    private static final int HIGHEST_PORT = 65_535;
    private static final int MODEM = 4 * 1024;

    /** Refuses what cannot be listened on, and bounds below one. */
    public ServerSettings {
        require(port >= 0 && port <= HIGHEST_PORT, "port " + port + " is not between 0 and " + HIGHEST_PORT);
        require(connections > 0 && connectionsPerAddress > 0, "a listener needs room for one connection at least");
        require(
                isPositive(headTimeout) && isPositive(idleTimeout) && isPositive(writeTimeout),
                "timeouts are positive");
        require(slowestReader > 0, "the slowest reader takes one byte a second at least");
    }

    /**
     * A listener with bounds for the open Internet. A connection costs some 6 KiB while it rests; one address may be a
     * whole site behind one gateway, so its share is large. 4 KiB a second is what a modem of 33.6 kbit/s can take: in
     * 45 minutes it has an index of 10 MiB.
     */
    public static ServerSettings of(String host, int port) {
        return new ServerSettings(
                host,
                port,
                10_000,
                1_000,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                MODEM,
                false,
                Optional.empty());
    }

    /** For how many nanoseconds a client may have something of this answer left to take. */
    long nanosToTake(HttpResponse answer) {
        long length = HttpUtil.getContentLength(answer, 0L);
        return writeTimeout.toNanos() + TimeUnit.SECONDS.toNanos(length / slowestReader);
    }

    /** The same listener with other bounds of what it holds at once. */
    public ServerSettings holding(int most, int mostPerAddress) {
        return new ServerSettings(
                host, port, most, mostPerAddress, headTimeout, idleTimeout, writeTimeout, slowestReader, http2, tls);
    }

    /** The same listener which speaks this. */
    public ServerSettings speaking(boolean withHttp2, Optional<Tls> withTls) {
        return new ServerSettings(
                host,
                port,
                connections,
                connectionsPerAddress,
                headTimeout,
                idleTimeout,
                writeTimeout,
                slowestReader,
                withHttp2,
                withTls);
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
