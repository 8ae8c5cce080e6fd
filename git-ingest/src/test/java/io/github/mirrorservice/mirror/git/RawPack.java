package io.github.mirrorservice.mirror.git;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

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

    /** Adds an object that is so many times the first 64 KiB of another one of so many bytes, behind a byte of its own. */
    RawPack delta(ObjectId base, int baseSize, byte first, int times) {
        ByteArrayOutputStream delta = new ByteArrayOutputStream();
        size(delta, baseSize);
        size(delta, 1 + ((long) times << 16));
        delta.write(1);
        delta.write(first);
        for (int time = 0; time < times; time++) {
            delta.write(0x80); // a copy from offset 0, without a length, which means 64 KiB
        }
        header(Constants.OBJ_REF_DELTA, delta.size());
        byte[] id = new byte[Constants.OBJECT_ID_LENGTH];
        base.copyRawTo(id, 0);
        body.writeBytes(id);
        body.writeBytes(deflated(delta.toByteArray()));
        objects++;
        return this;
    }

    private static void size(ByteArrayOutputStream delta, long size) {
        long rest = size;
        for (; rest > 0x7f; rest >>>= 7) {
            delta.write((int) (rest & 0x7f) | 0x80);
        }
        delta.write((int) rest);
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
