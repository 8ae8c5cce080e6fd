package io.github.mirrorservice.mirror.opam;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * The tar form of the index, in the shape that every opam client takes: ustar (POSIX.1-1988), regular files of mode 0644
 * only, owner 0, a constant time; a pax header (POSIX.1-2001) only for a path that ustar cannot hold.
 */
final class Tar {

    /** What ends an archive: two blocks of zeros. */
    static final byte[] END = new byte[2 * Tar.BLOCK];

    private static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final int PREFIX_LENGTH = 155;
    private static final int PREFIX_AT = 345;
    private static final int CHECKSUM_AT = 148;
    private static final char REGULAR_FILE = '0';
    private static final char PAX_HEADER = 'x';

    private Tar() {}

    /**
     * A file's part of the tar.
     *
     * @param header what stands in front of the content
     * @param content the file, not written to
     */
    @SuppressWarnings("ArrayRecordComponent") // handed from one stage to the next, never compared
    record Member(byte[] header, byte[] content) {

        static Member of(String path, byte[] content) {
            return new Member(Tar.header(path, content.length), content);
        }

        /** In bytes, with what fills the last block. */
        int length() {
            return header.length + padded(content.length);
        }

        /** Copies what stands at {@code from} and behind, as much as fits, and tells how much that is. */
        int copy(int from, byte[] target) {
            int count = Math.min(target.length, length() - from);
            int copied = copy(header, from, target, 0);
            copied += copy(content, from + copied - header.length, target, copied);
            Arrays.fill(target, copied, Math.max(copied, count), (byte) 0);
            return count;
        }

        byte[] bytes() {
            byte[] bytes = new byte[length()];
            copy(0, bytes);
            return bytes;
        }

        private static int copy(byte[] source, int from, byte[] target, int at) {
            int count = Math.max(0, Math.min(source.length - from, target.length - at));
            System.arraycopy(source, Math.min(from, source.length), target, at, count);
            return count;
        }
    }

    /** The length of a file's part of the tar, in bytes. */
    static int length(String path, int size) {
        byte[] name = path.getBytes(UTF_8);
        int header = split(name) >= 0 ? BLOCK : BLOCK + padded(paxRecord(name).length) + BLOCK;
        return header + padded(size);
    }

    private static int padded(int size) {
        return (size + BLOCK - 1) / BLOCK * BLOCK;
    }

    private static byte[] header(String path, int size) {
        byte[] name = path.getBytes(UTF_8);
        int split = split(name);
        return split >= 0 ? ustar(name, split, size, REGULAR_FILE) : paxThenUstar(name, size);
    }

    /** Where prefix and name part: 0 for no prefix, negative if ustar cannot hold the path. */
    private static int split(byte[] name) {
        if (name.length <= NAME_LENGTH) {
            return 0;
        }
        for (int at = name.length - NAME_LENGTH - 1; at <= Math.min(PREFIX_LENGTH, name.length - 2); at++) {
            if (name[at] == '/' && at > 0) {
                return at;
            }
        }
        return -1;
    }

    private static byte[] paxThenUstar(byte[] name, int size) {
        byte[] record = paxRecord(name);
        byte[] pax = ustar("PaxHeader".getBytes(UTF_8), 0, record.length, PAX_HEADER);
        byte[] file = ustar(Arrays.copyOf(name, NAME_LENGTH), 0, size, REGULAR_FILE);
        byte[] all = new byte[BLOCK + padded(record.length) + BLOCK];
        System.arraycopy(pax, 0, all, 0, BLOCK);
        System.arraycopy(record, 0, all, BLOCK, record.length);
        System.arraycopy(file, 0, all, all.length - BLOCK, BLOCK);
        return all;
    }

    /** A pax record starts with its own length in decimal digits, these digits and the space included. */
    private static byte[] paxRecord(byte[] name) {
        String keyAndValue = "path=" + new String(name, UTF_8) + "\n";
        int rest = keyAndValue.getBytes(UTF_8).length + 1;
        int length = rest + Integer.toString(rest).length();
        if (Integer.toString(length).length() > length - rest) {
            length++;
        }
        return (length + " " + keyAndValue).getBytes(UTF_8);
    }

    private static byte[] ustar(byte[] path, int split, int size, char type) {
        byte[] header = new byte[BLOCK];
        int nameStart = split == 0 ? 0 : split + 1;
        System.arraycopy(path, nameStart, header, 0, path.length - nameStart);
        System.arraycopy(path, 0, header, PREFIX_AT, split);
        put(header, 100, "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        putOctal(header, 124, 11, size);
        put(header, 136, "00000000000");
        put(header, CHECKSUM_AT, "        ");
        header[156] = (byte) type;
        put(header, 257, "ustar");
        put(header, 263, "00");
        putOctal(header, CHECKSUM_AT, 6, sum(header));
        header[CHECKSUM_AT + 6] = 0;
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            header[at + i] = (byte) text.charAt(i);
        }
    }

    private static void putOctal(byte[] header, int at, int digits, int value) {
        int rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            header[i] = (byte) ('0' + (rest & 7));
            rest >>>= 3;
        }
    }

    private static int sum(byte[] header) {
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        return sum;
    }
}
