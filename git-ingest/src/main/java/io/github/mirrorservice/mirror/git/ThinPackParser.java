package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.eclipse.jgit.internal.storage.dfs.DfsInserter;
import org.eclipse.jgit.internal.storage.dfs.DfsPackParser;
import org.eclipse.jgit.transport.PackedObjectInfo;

/**
 * Completes thin packs quickly. A thin pack builds upon objects that are here already, and JGit adds these to it. For
 * opam-repository that is its largest folder, once a fetch; JGit spends half of its time on compressing that again,
 * although names of objects hardly compress.
 */
final class ThinPackParser extends DfsPackParser {

    private static final int MOST_HEADER = 8;

    /** A stored block takes five bytes for its header; zlib makes them of 16 KiB at least. */
    private static final int STORED_BLOCK = 1024;

    private static final int ROOM = 64;

    private long position;

    ThinPackParser(Packs packs, DfsInserter inserter, InputStream pack) {
        super(packs, inserter, pack);
    }

    @Override
    protected void onStoreStream(byte[] bytes, int offset, int length) throws IOException {
        position += length;
        super.onStoreStream(bytes, offset, length);
    }

    @Override
    protected boolean onAppendBase(int type, byte[] content, PackedObjectInfo object) throws IOException {
        byte[] header = new byte[MOST_HEADER];
        int headerLength = header(type, content.length, header);
        byte[] body = body(content);
        CRC32 crc = new CRC32();
        crc.update(header, 0, headerLength);
        crc.update(body);
        object.setOffset(position);
        object.setCRC((int) crc.getValue());
        onStoreStream(header, 0, headerLength);
        onStoreStream(body, 0, body.length);
        return true;
    }

    /** Type and size in groups of 4 and then 7 bits, the lowest first, as gitformat-pack(5) says. */
    private static int header(int type, int size, byte[] header) {
        int length = 0;
        int bits = (type << 4) | (size & 0x0f);
        for (int rest = size >>> 4; rest != 0; rest >>>= 7) {
            header[length++] = (byte) (bits | 0x80);
            bits = rest & 0x7f;
        }
        header[length++] = (byte) bits;
        return length;
    }

    /** The content in zlib's format, but not compressed. */
    private static byte[] body(byte[] content) {
        Deflater deflater = new Deflater(Deflater.NO_COMPRESSION);
        try {
            deflater.setInput(content);
            deflater.finish();
            byte[] body = new byte[content.length + content.length / STORED_BLOCK + ROOM];
            return Arrays.copyOf(body, deflater.deflate(body));
        } finally {
            deflater.end();
        }
    }
}
