package io.github.mirrorservice.mirror.opam;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tar form of the index, in the shape that every opam client takes: ustar (POSIX.1-1988), regular files of mode 0644
 * only, owner 0, a constant time; a pax header (POSIX.1-2001) only for a path that ustar cannot hold.
 */
final class Tar {

    /** What ends an archive: two blocks of zeros. */
    static final byte[] END = new byte[2 * Tar.BLOCK];

    /** The work on one piece stays far below a time slice. */
    static final int LARGEST_PIECE = 16 * 1024;

    private static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final int PREFIX_LENGTH = 155;
    private static final int PREFIX_AT = 345;
    private static final int CHECKSUM_AT = 148;
    private static final char REGULAR_FILE = '0';
    private static final char PAX_HEADER = 'x';

    private Tar() {}

    /** The length of a file's part of the tar, in bytes. */
    static int length(String path, int size) {
        return header(path, size).length + padded(size);
    }

    /** A file's part of the tar, cut into pieces of at most {@link #LARGEST_PIECE} bytes. */
    static List<byte[]> pieces(String path, byte[] content) {
        byte[] header = header(path, content.length);
        byte[] all = Arrays.copyOf(header, header.length + padded(content.length));
        System.arraycopy(content, 0, all, header.length, content.length);
        if (all.length <= LARGEST_PIECE) {
            return List.of(all);
        }
        List<byte[]> pieces = new ArrayList<>(all.length / LARGEST_PIECE + 1);
        for (int from = 0; from < all.length; from += LARGEST_PIECE) {
            pieces.add(Arrays.copyOfRange(all, from, Math.min(all.length, from + LARGEST_PIECE)));
        }
        return pieces;
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
        byte[] record = paxRecord("path=" + new String(name, UTF_8) + "\n");
        byte[] pax = ustar("PaxHeader".getBytes(UTF_8), 0, record.length, PAX_HEADER);
        byte[] file = ustar(Arrays.copyOf(name, NAME_LENGTH), 0, size, REGULAR_FILE);
        byte[] all = new byte[BLOCK + padded(record.length) + BLOCK];
        System.arraycopy(pax, 0, all, 0, BLOCK);
        System.arraycopy(record, 0, all, BLOCK, record.length);
        System.arraycopy(file, 0, all, all.length - BLOCK, BLOCK);
        return all;
    }

    /** A pax record starts with its own length in decimal digits, these digits and the space included. */
    private static byte[] paxRecord(String keyAndValue) {
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
