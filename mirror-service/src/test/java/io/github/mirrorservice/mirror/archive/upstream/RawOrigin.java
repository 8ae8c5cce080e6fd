package io.github.mirrorservice.mirror.archive.upstream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A host that does to each request what a script says, byte by byte if need be, on 127.0.0.1 or another loopback address. */
public final class RawOrigin implements AutoCloseable {

    /** What is done to a request, of which the head is known; the connection is closed after it. */
    @FunctionalInterface
    public interface Script {
        void answer(String head, Socket client) throws IOException;
    }

    private final ServerSocket listener;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<Socket> clients = new CopyOnWriteArrayList<>();

    private RawOrigin(ServerSocket listener, Script script) {
        this.listener = listener;
        start(() -> accept(script));
    }

    /** Listens on 127.0.0.1. */
    public static RawOrigin of(Script script) {
        return on("127.0.0.1", script);
    }

    /** Listens on that loopback address. */
    public static RawOrigin on(String address, Script script) {
        try {
            return by(new ServerSocket(0, 100, InetAddress.getByName(address)), script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Listens by a socket that is closed with this. */
    static RawOrigin by(ServerSocket listener, Script script) {
        return new RawOrigin(listener, script);
    }

    /** Gives the answer that belongs to a request's target, as it is written. */
    public static RawOrigin saying(Function<String, String> answers) {
        return of((head, client) -> say(client, answers.apply(head.split(" ", -1)[1])));
    }

    /** Writes text to a client. */
    public static void say(Socket client, String latin1) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(latin1.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** Ends the script when the client goes away, and tells so. */
    public static boolean awaitEnd(Socket client) throws IOException {
        client.setSoTimeout(10_000);
        try {
            return client.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true; // bytes were on their way to a client who is gone
        }
    }

    /** Waits for 20 ms, or until the client goes away. */
    static void pause(Socket client) throws IOException {
        try {
            client.setSoTimeout(20);
            client.getInputStream().read();
        } catch (SocketTimeoutException stillThere) {
            return;
        }
    }

    /** Waits for a test. */
    static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    public String url(String target) {
        return "http://" + listener.getInetAddress().getHostAddress() + ":" + port() + target;
    }

    /** How many connections came. */
    public int visits() {
        return clients.size();
    }

    /** The heads of all requests so far. */
    public List<String> heads() {
        return heads;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket client : clients) {
            client.close();
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "raw-origin");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(Script script) {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                clients.add(client);
                start(() -> serve(script, client));
            } catch (IOException closing) {
                return;
            }
        }
    }

    private void serve(Script script, Socket client) {
        try (client) {
            String head = head(client);
            heads.add(head);
            script.answer(head, client);
        } catch (IOException gone) {
            // The client, or the test, is gone.
        }
    }

    private static String head(Socket client) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
        StringBuilder head = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }
}
