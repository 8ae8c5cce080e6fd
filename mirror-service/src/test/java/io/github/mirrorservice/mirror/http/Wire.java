package io.github.mirrorservice.mirror.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A client that sends what it is told, byte by byte if need be, and reads what comes; nothing takes longer than a deadline. */
final class Wire implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Socket socket;
    private final InputStream in;

    Wire(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) DEADLINE.toMillis());
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    /** One exchange on a connection of its own, closed by the server. */
    static Reply get(int port, String target, String... headers) throws IOException {
        return ask(port, "GET", target, headers);
    }

    static Reply ask(int port, String method, String target, String... headers) throws IOException {
        try (Wire wire = new Wire(port)) {
            return wire.send(request(method, target, headers)).read(method);
        }
    }

    static String request(String method, String target, String... headers) {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    Wire send(String latin1) throws IOException {
        socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** Each byte in a packet of its own, as far as the peer lets us. */
    Wire drip(String latin1) throws IOException {
        for (byte next : latin1.getBytes(StandardCharsets.ISO_8859_1)) {
            try {
                socket.getOutputStream().write(next);
            } catch (SocketException answeredAlready) {
                return this;
            }
        }
        return this;
    }

    /** Says that nothing more will be sent; what comes is read still. */
    Wire endsItsSide() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Is gone at once, and says so by a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    Reply read() throws IOException {
        return read("GET");
    }

    /** Whether something has come that was not read yet. */
    boolean isAnswered() throws IOException {
        return in.available() > 0;
    }

    /** The next answer's status and headers, of which the status is told; its body is still to be read. */
    int readHead() throws IOException {
        String statusLine = line();
        headers();
        return Integer.parseInt(statusLine.substring(9, 12));
    }

    /** The next answer's headers; its body is still to be read. */
    Map<String, String> readHeaders() throws IOException {
        line();
        return headers();
    }

    /** The next chunk of a body that is sent in chunks; the last one is empty. */
    String readChunk() throws IOException {
        byte[] chunk = exactly(Integer.parseInt(line(), 16));
        line();
        return new String(chunk, StandardCharsets.UTF_8);
    }

    /** All that comes until the server closes the connection. */
    String toEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The next answer, to a request of that method. */
    Reply read(String method) throws IOException {
        String statusLine = line();
        int status = Integer.parseInt(statusLine.substring(9, 12));
        Map<String, String> headers = headers();
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        boolean bodiless = method.equals("HEAD") || status == 304;
        return new Reply(status, headers, bodiless ? new byte[0] : exactly(length));
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(": ");
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 2),
                    (a, b) -> a + "," + b);
        }
        return headers;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended after: " + line);
            }
            line.append((char) next);
        }
        return line.substring(0, line.length() - 1);
    }

    byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** Whether the server ends the connection so that all it said can be read: a reset would be an exception. */
    boolean endsInOrder() throws IOException {
        in.readAllBytes();
        return true;
    }

    /** Whether the server ends the connection, after whatever it still had to say. */
    boolean ends() {
        try {
            in.readAllBytes();
            return true;
        } catch (SocketException reset) {
            return true;
        } catch (IOException timeout) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Reply(int status, Map<String, String> headers, byte[] body) {

        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }
}
