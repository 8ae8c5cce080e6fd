package io.github.mirrorservice.mirror.opam;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads an index with somebody else's code. */
final class Untar {

    private Untar() {}

    /** The files in the order of the archive; fails for anything but plain relative files, and for a path that comes twice. */
    static Map<String, byte[]> files(Body index) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(bytes(index))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                boolean plain = entry.isFile() && !entry.isLink() && !entry.isSymbolicLink();
                if (!plain || (entry.getMode() & 0777) != 0644) {
                    throw new AssertionError("not a plain file: " + entry.getName());
                }
                if (entry.getName().startsWith("/") || files.put(entry.getName(), tar.readAllBytes()) != null) {
                    throw new AssertionError("absolute or twice: " + entry.getName());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    static byte[] bytes(Body body) {
        ByteBuffer bytes = ByteBuffer.allocate(body.length());
        body.parts().forEach(part -> bytes.put(part.duplicate()));
        return bytes.array();
    }
}
