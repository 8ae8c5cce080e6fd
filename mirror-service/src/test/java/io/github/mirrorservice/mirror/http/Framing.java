package io.github.mirrorservice.mirror.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The three ways in which HTTP/1.1 says where a body ends: RFC 9112, section 6. */
enum Framing {
    CONTENT_LENGTH {
        @Override
        String header(int announced) {
            return "Content-Length: " + announced + "\r\n";
        }
    },
    CHUNKED {
        @Override
        String header(int announced) {
            return "Transfer-Encoding: chunked\r\n";
        }

        @Override
        void some(Socket client, byte[] body) throws IOException {
            for (int from = 0; from < body.length; from += CHUNK) {
                int count = Math.min(CHUNK, body.length - from);
                write(client, latin1(Integer.toHexString(count) + "\r\n"));
                client.getOutputStream().write(body, from, count);
                write(client, latin1("\r\n"));
            }
        }

        @Override
        void end(Socket client) throws IOException {
            write(client, latin1("0\r\n\r\n"));
        }
    },
    UNTIL_CLOSED {
        @Override
        String header(int announced) {
            return "Connection: close\r\n";
        }
    };

    private static final int CHUNK = 50_000;

    /** The header that announces so many bytes, as far as it says how many. */
    abstract String header(int announced);

    /** Sends a head that announces so many bytes. */
    void head(Socket client, String status, String headers, int announced) throws IOException {
        write(client, latin1("HTTP/1.1 " + status + "\r\n" + header(announced) + headers + "\r\n"));
    }

    /** Sends some of the body. */
    void some(Socket client, byte[] body) throws IOException {
        write(client, body);
    }

    /** Says that this was all of it, where that is said. */
    void end(Socket client) throws IOException {
        client.getOutputStream().flush();
    }

    /** Sends an answer that holds to its framing. */
    void whole(Socket client, String status, String headers, byte[] body) throws IOException {
        head(client, status, headers, body.length);
        some(client, body);
        end(client);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void write(Socket client, byte[] bytes) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(bytes);
        out.flush();
    }
}
