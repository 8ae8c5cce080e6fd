package io.github.mirrorservice.mirror.git;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.Deflater;

/** A pack written byte by byte, also such as no Git writes. */
final class RawPack {

    private static final int VERSION = 2;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int objects;

    /** Adds an object, deflated. */
    RawPack object(int type, byte[] content) {
        header(type, content.length);
        body.writeBytes(deflated(content));
        objects++;
        return this;
    }

    /** Adds the header of an object that declares a size, with too little behind it. */
    RawPack lie(int type, long size) {
        header(type, size);
        body.writeBytes(deflated(new byte[100]));
        objects++;
        return this;
    }

    /** The pack. */
    byte[] bytes() {
        return bytes(objects);
    }

    /** The pack, with a count of objects of one's choice. */
    byte[] bytes(int declared) {
        ByteBuffer pack = ByteBuffer.allocate(12 + body.size() + 20);
        pack.put("PACK".getBytes(StandardCharsets.US_ASCII)).putInt(VERSION).putInt(declared);
        pack.put(body.toByteArray());
        pack.put(sha1(pack.array(), pack.position()));
        return pack.array();
    }

    private void header(int type, long size) {
        int first = (type << 4) | (int) (size & 15);
        long rest = size >>> 4;
        while (rest != 0) {
            body.write(first | 0x80);
            first = (int) (rest & 0x7f);
            rest >>>= 7;
        }
        body.write(first);
    }

    private static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(content);
            deflater.finish();
            byte[] buffer = new byte[content.length + content.length / 100 + 100];
            int length = deflater.deflate(buffer);
            return Arrays.copyOf(buffer, length);
        } finally {
            deflater.end();
        }
    }

    private static byte[] sha1(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(bytes, 0, length);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
