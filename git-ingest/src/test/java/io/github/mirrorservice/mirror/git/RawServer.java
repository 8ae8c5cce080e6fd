package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A server on loopback that writes these bytes to whoever comes, slowly and again and again. */
final class RawServer implements AutoCloseable {

    private static final long PAUSE_NANOSECONDS = 50_000_000;

    private final ServerSocket listener;
    private final AtomicInteger visits = new AtomicInteger();

    private RawServer(String first, String drops) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> accept(first, drops), "drip");
        thread.setDaemon(true);
        thread.start();
    }

    /** Writes the first text at once, and then the others without end. */
    static RawServer dripping(String first, String drops) {
        try {
            return new RawServer(first, drops);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url(String scheme) {
        return scheme + "://127.0.0.1:" + listener.getLocalPort() + "/repository.git";
    }

    /** How many have come. */
    int visits() {
        return visits.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept(String first, String drops) {
        while (!listener.isClosed()) {
            try (Socket visitor = listener.accept()) {
                visits.incrementAndGet();
                drip(visitor.getOutputStream(), first, drops);
            } catch (IOException e) {
                // The visitor, or the test, is gone.
            }
        }
    }

    private void drip(OutputStream out, String first, String drops) throws IOException {
        out.write(first.getBytes(StandardCharsets.US_ASCII));
        while (!listener.isClosed()) {
            out.write(drops.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            LockSupport.parkNanos(PAUSE_NANOSECONDS);
        }
    }
}
