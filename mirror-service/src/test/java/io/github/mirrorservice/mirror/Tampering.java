package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.mirrorservice.mirror.archive.Bytes;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;

/** A saved snapshot, in ISO 8859-1, that is changed by somebody who puts its checksums right. */
final class Tampering {

    private Tampering() {}

    static String withHeader(String snapshot, UnaryOperator<String> change) {
        int end = snapshot.indexOf("\n\n");
        String lines = change.apply(snapshot.substring(0, snapshot.lastIndexOf("crc32: ", end)));
        return lines + "crc32: " + crc(lines) + snapshot.substring(end);
    }

    static String withBody(String snapshot, String name, UnaryOperator<String> change) {
        int start = snapshot.indexOf("\n\n") + 2;
        int length = Integer.parseInt(value(snapshot, name + "-bytes"));
        String before = snapshot.substring(start, start + length);
        String after = change.apply(before);
        return withHeader(
                snapshot.substring(0, start) + after + snapshot.substring(start + length),
                header -> header.replace(value(snapshot, name + "-sha256"), sha256(after))
                        .replace(value(snapshot, name + "-crc32"), crc(after)));
    }

    private static String value(String snapshot, String key) {
        int start = snapshot.indexOf("\n" + key + ": ") + key.length() + 3;
        return snapshot.substring(start, snapshot.indexOf('\n', start));
    }

    private static String sha256(String text) {
        return Bytes.digests(text.getBytes(ISO_8859_1)).sha256().hex();
    }

    private static String crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(ISO_8859_1));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
