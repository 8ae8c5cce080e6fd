package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** What hosts make of an archive, each with status 200 and in any framing. */
enum BadBody {
    FIRST_BIT_FLIPPED((framing, right, head, client) -> whole(framing, client, flipped(right, 0, 0x80))),
    MIDDLE_BIT_FLIPPED((framing, right, head, client) -> whole(framing, client, flipped(right, right.length / 2, 8))),
    LAST_BIT_FLIPPED((framing, right, head, client) -> whole(framing, client, flipped(right, right.length - 1, 1))),
    LAST_BYTE_MISSING((framing, right, head, client) -> whole(framing, client, Bytes.cut(right, 0, right.length - 1))),
    SECOND_HALF_MISSING(
            (framing, right, head, client) -> whole(framing, client, Bytes.cut(right, 0, right.length / 2))),
    ONE_BYTE_TOO_MANY((framing, right, head, client) -> whole(framing, client, joined(right, new byte[1]))),
    ONE_BYTE_BEFORE((framing, right, head, client) -> whole(framing, client, joined(new byte[] {'\n'}, right))),
    TWICE((framing, right, head, client) -> whole(framing, client, joined(right, right))),
    EMPTY((framing, right, head, client) -> whole(framing, client, new byte[0])),
    A_PAGE((framing, right, head, client) ->
            framing.whole(client, "200 OK", "Content-Type: text/html\r\n", page(right.length))),
    ANOTHER_ARCHIVE((framing, right, head, client) -> whole(framing, client, Bytes.random(-1, right.length))),
    PACKED((framing, right, head, client) ->
            framing.whole(client, "200 OK", "Content-Encoding: gzip\r\n", packed(right))),
    ZEROS_AT_THE_END((framing, right, head, client) ->
            whole(framing, client, joined(Bytes.cut(right, 0, right.length - 1_000), new byte[1_000]))),
    FRAMED_TOO_SHORT((framing, right, head, client) -> {
        framing.head(client, "200 OK", "", right.length - 1);
        framing.some(client, Bytes.cut(right, 0, right.length - 1));
        framing.end(client);
        if (framing != Framing.UNTIL_CLOSED) {
            framing.some(client, Bytes.cut(right, right.length - 1, 1));
        }
    }),
    FRAMED_TOO_LONG((framing, right, head, client) -> {
        framing.head(client, "200 OK", "", right.length + 1);
        framing.some(client, right);
        reset(framing, client);
    }),
    BROKEN_OFF((framing, right, head, client) -> brokenOff(framing, client, "", right, right.length)),
    RESET_IN_THE_MIDDLE((framing, right, head, client) -> {
        brokenOff(framing, client, "", right, right.length);
        client.setSoLinger(true, 0);
    }),
    WRONG_REST((framing, right, head, client) -> {
        if (resumes(head)) {
            byte[] rest = Bytes.cut(right, from(head), right.length - from(head));
            rest(framing, client, head, flipped(rest, rest.length - 1, 1), right.length);
        } else {
            brokenOff(framing, client, "ETag: \"v\"\r\n", right, right.length);
        }
    }),
    REST_OF_ANOTHER_PLACE((framing, right, head, client) -> {
        if (resumes(head)) {
            rest(framing, client, head, Bytes.cut(right, 0, right.length - from(head)), right.length);
        } else {
            brokenOff(framing, client, "ETag: \"v\"\r\n", right, right.length);
        }
    }),
    REST_LONGER_THAN_ANNOUNCED((framing, right, head, client) -> {
        if (resumes(head)) {
            rest(
                    Framing.CHUNKED,
                    client,
                    head,
                    Bytes.cut(right, from(head), right.length - from(head)),
                    shorter(right));
        } else {
            brokenOff(Framing.CONTENT_LENGTH, client, "ETag: \"v\"\r\n", right, shorter(right));
        }
    });

    /** What is done to a request. */
    private interface Answer {
        void give(Framing framing, byte[] right, String head, Socket client) throws IOException;
    }

    @SuppressWarnings("ImmutableEnumChecker") // a lambda that keeps nothing
    private final Answer answer;

    BadBody(Answer answer) {
        this.answer = answer;
    }

    void answer(Framing framing, byte[] right, String head, Socket client) throws IOException {
        answer.give(framing, right, head, client);
    }

    private static void whole(Framing framing, Socket client, byte[] body) throws IOException {
        framing.whole(client, "200 OK", "", body);
    }

    private static void brokenOff(Framing framing, Socket client, String headers, byte[] right, int announced)
            throws IOException {
        framing.head(client, "200 OK", headers, announced);
        framing.some(client, Bytes.cut(right, 0, right.length / 2));
    }

    /** A body that ends when the connection does cannot be too short but by a reset. */
    private static void reset(Framing framing, Socket client) throws IOException {
        if (framing == Framing.UNTIL_CLOSED) {
            client.setSoLinger(true, 0);
        }
    }

    private static boolean resumes(String head) {
        return head.toLowerCase(Locale.ROOT).contains("range: bytes=");
    }

    private static int from(String head) {
        return Integer.parseInt(head.toLowerCase(Locale.ROOT).replaceAll("(?s).*range: bytes=([0-9]+)-.*", "$1"));
    }

    private static void rest(Framing framing, Socket client, String head, byte[] body, int total) throws IOException {
        String range = "Content-Range: bytes %d-%d/%d\r\nETag: \"v\"\r\n".formatted(from(head), total - 1, total);
        framing.whole(client, "206 Partial Content", range, body);
    }

    private static int shorter(byte[] right) {
        return right.length - 1_000;
    }

    private static byte[] flipped(byte[] bytes, int at, int bit) {
        byte[] other = bytes.clone();
        other[at] ^= (byte) bit;
        return other;
    }

    private static byte[] joined(byte[] one, byte[] other) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(one);
        out.writeBytes(other);
        return out.toByteArray();
    }

    private static byte[] page(int length) {
        String text = "<html><body>log in first</body></html>";
        return (text + " ".repeat(length - text.length())).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
