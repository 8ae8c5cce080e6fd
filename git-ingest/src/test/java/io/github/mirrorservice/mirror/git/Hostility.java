package io.github.mirrorservice.mirror.git;

import com.sun.net.httpserver.HttpExchange;
import io.github.mirrorservice.mirror.git.GitServer.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.SideBandOutputStream;

/** Answers such as only a hostile or broken server gives. */
final class Hostility {

    private Hostility() {}

    /** This status, and a page. */
    static Answer status(int status) {
        return (exchange, request) -> page(exchange, status);
    }

    /** A redirect to this address. */
    static Answer redirect(String location) {
        return (exchange, request) -> {
            exchange.getResponseHeaders().set("Location", location);
            page(exchange, 302);
        };
    }

    /** These bytes, as an answer of the right type. */
    static Answer raw(String kind, byte[] bytes) {
        return (exchange, request) -> {
            try (OutputStream body = GitServer.begin(exchange, kind)) {
                body.write(bytes);
            }
        };
    }

    /** A pack in an honest answer. */
    static Answer pack(byte[] pack) {
        return (exchange, request) -> {
            try (OutputStream body = beginPack(exchange, request)) {
                SideBandOutputStream band = band(SideBandOutputStream.CH_DATA, body);
                band.write(pack);
                band.flush();
                new PacketLineOut(body).end();
            }
        };
    }

    /** The first bytes of an endless stream of references, and all others. */
    static Answer endlessReferences() {
        return (exchange, request) -> {
            try (OutputStream body = GitServer.begin(exchange, "result")) {
                PacketLineOut lines = new PacketLineOut(body);
                for (long i = 0; ; i++) {
                    lines.writeString("1".repeat(40) + " refs/heads/" + i + "\n");
                }
            }
        };
    }

    /** Messages without end before, or after, the first bytes of a pack. */
    static Answer endlessMessages(byte[] packBefore) {
        return (exchange, request) -> {
            try (OutputStream body = beginPack(exchange, request)) {
                SideBandOutputStream data = band(SideBandOutputStream.CH_DATA, body);
                data.write(packBefore);
                data.flush();
                SideBandOutputStream messages = band(SideBandOutputStream.CH_PROGRESS, body);
                while (true) {
                    messages.write(new byte[1000]);
                    messages.flush();
                }
            }
        };
    }

    static SideBandOutputStream band(int channel, OutputStream body) {
        return new SideBandOutputStream(channel, SideBandOutputStream.MAX_BUF, body);
    }

    static OutputStream beginPack(HttpExchange exchange, byte[] request) throws IOException {
        OutputStream body = GitServer.begin(exchange, "result");
        PacketLineOut lines = new PacketLineOut(body);
        if (new String(request, StandardCharsets.US_ASCII).contains("have ")) {
            lines.writeString("acknowledgments\n");
            lines.writeString("ready\n");
            lines.writeDelim();
        }
        lines.writeString("packfile\n");
        return body;
    }

    private static void page(HttpExchange exchange, int status) throws IOException {
        byte[] page = "<html>Sign in, please</html>".getBytes(StandardCharsets.US_ASCII);
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.sendResponseHeaders(status, page.length);
        exchange.getResponseBody().write(page);
    }

    /** Bytes that are nothing at all. */
    static byte[] garbage() {
        byte[] garbage = new byte[5000];
        Arrays.fill(garbage, (byte) 'x');
        return garbage;
    }
}
