package io.github.mirrorservice.mirror.git;

import com.sun.net.httpserver.HttpExchange;
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
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    /** What is done with a request. */
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange, byte[] request) throws IOException;
    }

    /** A request for the capabilities; in version 0 of the protocol, for the references too. */
    public static final String CAPABILITIES = "capabilities";

    /** A request for the references. */
    public static final String REFERENCES = "ls-refs";

    /** A request for objects. */
    public static final String OBJECTS = "fetch";

    private static final String SERVICE = "git-upload-pack";

    private final Path repository;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Map<String, Answer> misbehaviours = new ConcurrentHashMap<>();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean old;

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
        return "http://127.0.0.1:" + port() + "/repository.git";
    }

    int port() {
        return http.getAddress().getPort();
    }

    /** What was asked since the last call: {@link #CAPABILITIES}, {@link #REFERENCES} and {@link #OBJECTS}. */
    public List<String> takeRequests() {
        List<String> taken = List.copyOf(requests);
        requests.clear();
        return taken;
    }

    /** Waits so long before each answer. */
    public void delay(Duration time) {
        delay = time;
    }

    /** Speaks version 0 of the protocol only. */
    void speakOldProtocol() {
        old = true;
    }

    /** Answers what is asked in this way. */
    void misbehave(String asked, Answer answer) {
        misbehaviours.put(asked, answer);
    }

    /** Answers as a Git server again. */
    void behave() {
        misbehaviours.clear();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] request = request(exchange);
            String asked = asked(exchange, request);
            requests.add(asked);
            LockSupport.parkNanos(delay.toNanos());
            misbehaviours.getOrDefault(asked, this::serve).to(exchange, request);
        }
    }

    private static byte[] request(HttpExchange exchange) throws IOException {
        boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        try (InputStream body = zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
            return body.readAllBytes();
        }
    }

    private static String asked(HttpExchange exchange, byte[] request) {
        if (exchange.getRequestMethod().equals("GET")) {
            return CAPABILITIES;
        }
        return new String(request, StandardCharsets.US_ASCII).contains("command=ls-refs") ? REFERENCES : OBJECTS;
    }

    /** The honest answer. */
    void serve(HttpExchange exchange, byte[] request) throws IOException {
        try (Repository opened = new FileRepositoryBuilder()
                .setGitDir(repository.toFile())
                .setBare()
                .build()) {
            UploadPack git = new UploadPack(opened);
            git.setBiDirectionalPipe(false);
            git.setExtraParameters(old ? Set.of() : Set.of("version=2"));
            if (exchange.getRequestMethod().equals("GET")) {
                advertise(exchange, git);
            } else {
                try (OutputStream body = begin(exchange, "result")) {
                    git.upload(new ByteArrayInputStream(request), body, null);
                }
            }
        }
    }

    private static void advertise(HttpExchange exchange, UploadPack git) throws IOException {
        try (OutputStream body = begin(exchange, "advertisement")) {
            git.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(new PacketLineOut(body)), SERVICE);
        }
    }

    /** Begins a good answer of unknown length: an {@code advertisement} or a {@code result}. */
    static OutputStream begin(HttpExchange exchange, String kind) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-" + SERVICE + "-" + kind);
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }
}
