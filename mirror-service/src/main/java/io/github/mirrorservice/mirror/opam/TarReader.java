package io.github.mirrorservice.mirror.opam;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a tar as {@link Tar} writes it, from pieces cut anywhere, and gives the files that end in each. */
final class TarReader {

    private static final int BLOCK = 512;
    private static final int LARGEST_KEPT = 64 * 1024;
    private static final int NAME_LENGTH = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_DIGITS = 11;
    private static final int TYPE_AT = 156;
    private static final int PREFIX_AT = 345;
    private static final int PREFIX_LENGTH = 155;

    private final byte[] header = new byte[BLOCK];
    private int headerLength;
    private Optional<Member> member = Optional.empty();
    private Optional<String> longName = Optional.empty();

    /**
     * A file.
     *
     * @param content its bytes, or nothing if it is larger than 64 KiB
     */
    record File(String path, Optional<byte[]> content) {}

    /** Takes the first bytes of a piece. Fails with {@link IllegalArgumentException} for what is no such tar. */
    List<File> read(byte[] piece, int length) {
        List<File> ended = new ArrayList<>();
        int at = 0;
        while (at < length) {
            at += member.isPresent() ? content(member.get(), piece, at, length, ended) : header(piece, at, length);
        }
        return ended;
    }

    private int header(byte[] piece, int at, int length) {
        int count = Math.min(BLOCK - headerLength, length - at);
        System.arraycopy(piece, at, header, headerLength, count);
        headerLength += count;
        if (headerLength == BLOCK) {
            headerLength = 0;
            // Blocks of zeros end a tar.
            member = header[0] == 0 ? Optional.empty() : Optional.of(begin());
        }
        return count;
    }

    private Member begin() {
        int size = Integer.parseInt(text(SIZE_AT, SIZE_DIGITS), 8);
        boolean pax = header[TYPE_AT] == 'x';
        String prefix = text(PREFIX_AT, PREFIX_LENGTH);
        String name = longName.orElseGet(() -> (prefix.isEmpty() ? "" : prefix + "/") + text(0, NAME_LENGTH));
        longName = Optional.empty();
        return new Member(name, pax, size);
    }

    private String text(int start, int length) {
        int end = start;
        while (end < start + length && header[end] != 0) {
            end++;
        }
        return new String(header, start, end - start, UTF_8);
    }

    private int content(Member current, byte[] piece, int at, int length, List<File> ended) {
        int count = current.take(piece, at, length);
        if (current.isWhole()) {
            member = Optional.empty();
            if (current.pax) {
                longName = Optional.of(path(current.bytes));
            } else {
                ended.add(current.file());
            }
        }
        return count;
    }

    /** Of the one record {@code LENGTH path=PATH} of a pax header. */
    private static String path(byte[] record) {
        String text = new String(record, UTF_8);
        int start = text.indexOf(" path=");
        if (start < 0 || !text.endsWith("\n")) {
            throw new IllegalArgumentException("an unknown pax header");
        }
        return text.substring(start + " path=".length(), text.length() - 1);
    }

    /** A file under way. */
    private static final class Member {

        private final String name;
        private final boolean pax;
        private final int size;
        private final int padded;
        private final byte[] bytes;
        private int taken;

        Member(String name, boolean pax, int size) {
            this.name = name;
            this.pax = pax;
            this.size = size;
            this.padded = (size + BLOCK - 1) / BLOCK * BLOCK;
            this.bytes = new byte[size <= LARGEST_KEPT ? size : 0];
        }

        boolean isWhole() {
            return taken == padded;
        }

        int take(byte[] piece, int at, int length) {
            int count = Math.min(padded - taken, length - at);
            int kept = Math.max(0, Math.min(bytes.length - taken, count));
            System.arraycopy(piece, at, bytes, Math.min(taken, bytes.length), kept);
            taken += count;
            return count;
        }

        File file() {
            return new File(name, size == bytes.length ? Optional.of(bytes) : Optional.empty());
        }
    }
}
