package io.github.mirrorservice.mirror.git;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/**
 * A Git server on loopback: smart HTTP, protocol version 2, over a bare repository on disk. It keeps a list of what it
 * was asked, can take its time, and can be made to answer anything.
 */
public final class GitServer implements AutoCloseable {

    static {
        // Without it every answer waits 40 ms for the client's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        IsolatedSystem.enter();
    }

    private static final String SERVICE = "git-upload-pack";

    private final Path repository;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private volatile HttpHandler answer = this::serve;
    private volatile Duration delay = Duration.ZERO;

    private GitServer(Path repository) throws IOException {
        this.repository = repository;
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    /** Serves this bare repository until it is closed. */
    public static GitServer serving(Path repository) {
        try {
            return new GitServer(repository);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address for a client. */
    public String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/repository.git";
    }

    /** What was asked since the last call: {@code capabilities}, {@code ls-refs}, {@code fetch}. */
    public List<String> takeRequests() {
        List<String> taken = List.copyOf(requests);
        requests.clear();
        return taken;
    }

    /** Waits so long before each answer. */
    public void delay(Duration time) {
        delay = time;
    }

    /** Answers every request in this way. */
    public void misbehave(HttpHandler hostile) {
        answer = hostile;
    }

    /** Answers as a Git server again. */
    public void behave() {
        answer = this::serve;
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            LockSupport.parkNanos(delay.toNanos());
            answer.handle(exchange);
        }
    }

    /** The honest answer; a hostile one may begin with it. */
    void serve(HttpExchange exchange) throws IOException {
        try (Repository opened = new FileRepositoryBuilder()
                .setGitDir(repository.toFile())
                .setBare()
                .build()) {
            UploadPack git = new UploadPack(opened);
            git.setBiDirectionalPipe(false);
            git.setExtraParameters(Set.of("version=2"));
            if (exchange.getRequestMethod().equals("GET")) {
                advertise(exchange, git);
            } else {
                upload(exchange, git);
            }
        }
    }

    private void advertise(HttpExchange exchange, UploadPack git) throws IOException {
        requests.add("capabilities");
        try (OutputStream body = begin(exchange, "advertisement")) {
            PacketLineOut lines = new PacketLineOut(body);
            lines.writeString("# service=" + SERVICE + "\n");
            lines.end();
            git.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines), SERVICE);
        }
    }

    private void upload(HttpExchange exchange, UploadPack git) throws IOException {
        byte[] request = request(exchange);
        String command = new String(request, 0, Math.min(request.length, 24), StandardCharsets.US_ASCII);
        requests.add(command.contains("command=ls-refs") ? "ls-refs" : "fetch");
        try (OutputStream body = begin(exchange, "result")) {
            git.upload(new ByteArrayInputStream(request), body, null);
        }
    }

    static byte[] request(HttpExchange exchange) throws IOException {
        boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        try (InputStream body = zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
            return body.readAllBytes();
        }
    }

    /** Begins a good answer of this kind, of unknown length. */
    static OutputStream begin(HttpExchange exchange, String kind) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-" + SERVICE + "-" + kind);
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }
}
