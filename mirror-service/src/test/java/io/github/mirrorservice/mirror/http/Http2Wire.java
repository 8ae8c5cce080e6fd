package io.github.mirrorservice.mirror.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** A client of HTTP/2 that sends the frames it is told, and reads what comes; nothing takes longer than a deadline. */
final class Http2Wire implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int INITIAL_WINDOW_SIZE = 4;

    /** What a server gives at first: RFC 9113, section 6.5.2. */
    static final int ROOM = 65_535;

    private int room = ROOM;
    private int roomOfStream = ROOM;
    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    private Http2Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Wire.DEADLINE.toMillis());
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
    }

    /** A connection whose streams may be sent so many bytes. */
    static Http2Wire open(int port, int window) throws IOException {
        return open(new Socket(InetAddress.getLoopbackAddress(), port), window);
    }

    /** The same over a socket of one's own. */
    static Http2Wire open(Socket socket, int window) throws IOException {
        Http2Wire wire = new Http2Wire(socket);
        wire.out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
        return wire.send(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6)
                        .putShort((short) INITIAL_WINDOW_SIZE)
                        .putInt(window)
                        .array());
    }

    Http2Wire send(int type, int flags, int stream, byte... payload) throws IOException {
        out.write(frame(type, flags, stream, payload));
        return this;
    }

    /** A request without a body, or one whose body is still to come. */
    Http2Wire request(int stream, String method, String path, boolean ends) throws IOException {
        return headers(stream, ends, new String[][] {
            {":method", method}, {":scheme", "http"}, {":authority", "localhost"}, {":path", path}
        });
    }

    /** A head of these fields. */
    Http2Wire headers(int stream, boolean ends, String[]... fields) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (String[] field : fields) {
            block.write(0); // a literal that is not indexed: RFC 7541, section 6.2.2
            for (String text : field) {
                block.write(text.length());
                block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            }
        }
        return send(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block.toByteArray());
    }

    Http2Wire get(int stream, String path) throws IOException {
        return request(stream, "GET", path, true);
    }

    /** Room for so many bytes more, on a stream, or on the connection if that is 0. */
    Http2Wire window(int stream, int more) throws IOException {
        return send(
                WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(more).array());
    }

    /** Sends data of a body; waits where the server gives no room. */
    void sendWithinWindow(int stream, byte... data) throws IOException {
        while (room < data.length || roomOfStream < data.length) {
            Frame update = await(frame -> frame.type == WINDOW_UPDATE);
            int more = ByteBuffer.wrap(update.payload).getInt();
            room += update.stream == 0 ? more : 0;
            roomOfStream += update.stream == stream ? more : 0;
        }
        room -= data.length;
        roomOfStream -= data.length;
        send(DATA, 0, stream, data);
    }

    /** Reads up to a frame of this type that belongs to this stream. */
    Frame await(int type, int stream) throws IOException {
        return await(frame -> frame.type == type && frame.stream == stream);
    }

    Frame await(Predicate<Frame> wanted) throws IOException {
        Frame frame = read();
        while (!wanted.test(frame)) {
            frame = read();
        }
        return frame;
    }

    Frame read() throws IOException {
        int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        return new Frame(type, flags, stream, in.readNBytes(length));
    }

    /** Sends the same bytes again and again, as they are: frames that cost next to nothing to send. */
    void repeat(byte[] frames, int times) throws IOException {
        for (int time = 0; time < times; time++) {
            out.write(frames);
        }
    }

    /** A frame as it is sent. */
    static byte[] frame(int type, int flags, int stream, byte... payload) {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        return frame.array();
    }

    /** Whether the server ends the connection, after whatever it still had to say. */
    boolean ends() throws IOException {
        try {
            await(frame -> false);
            return false;
        } catch (EOFException end) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Frame(int type, int flags, int stream, byte[] payload) {

        boolean ends() {
            return (flags & END_STREAM) != 0;
        }

        /** What a RST_STREAM says, or a GOAWAY. */
        int error() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }

        /** The status of a HEADERS frame: the first field, from the static table or as a literal with its name from there. */
        int status() {
            int first = payload[0] & 0xFF;
            return switch (first) {
                case 0x88 -> 200;
                case 0x89 -> 204;
                case 0x8A -> 206;
                case 0x8B -> 304;
                case 0x8C -> 400;
                case 0x8D -> 404;
                case 0x8E -> 500;
                default -> literal();
            };
        }

        private int literal() {
            boolean huffman = (payload[1] & 0x80) != 0;
            return huffman ? -1 : Integer.parseInt(new String(payload, 2, payload[1], StandardCharsets.US_ASCII));
        }
    }
}
