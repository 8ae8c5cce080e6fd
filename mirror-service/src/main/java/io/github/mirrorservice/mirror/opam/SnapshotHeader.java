package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.git.Commit;
import io.github.mirrorservice.mirror.git.CommitId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import reactor.core.publisher.Mono;

/** What a saved snapshot says of itself: lines {@code key: value}, the first names the
 * format, the last is the CRC-32 of those before. */
final class SnapshotHeader {

    private static final String FORMAT = "opam mirror snapshot 2";
    private static final String SEPARATOR = ": ";
    private static final String CHECKSUM = "crc32" + SEPARATOR;

    private final Map<String, String> values;

    private SnapshotHeader(Map<String, String> values) {
        this.values = values;
    }

    /** The header of a snapshot, its blank line included. */
    static String text(Snapshot snapshot) {
        String lines = values(snapshot).entrySet().stream()
                .map(entry -> entry.getKey() + SEPARATOR + entry.getValue() + "\n")
                .collect(Collectors.joining("", FORMAT + "\n", ""));
        return lines + CHECKSUM + crc(lines) + "\n\n";
    }

    /** Reads a header without its blank line; fails with {@link IllegalArgumentException} if it is none. */
    static SnapshotHeader parse(String text) {
        int checksum = text.lastIndexOf(CHECKSUM);
        if (checksum < 0 || !text.equals(text.substring(0, checksum) + CHECKSUM + crc(text.substring(0, checksum)))) {
            throw new IllegalArgumentException("the checksum of its header is wrong");
        }
        if (!text.startsWith(FORMAT + "\n")) {
            throw new IllegalArgumentException("its first line is not \"" + FORMAT + "\"");
        }
        return new SnapshotHeader(text.substring(0, checksum)
                .lines()
                .skip(1)
                .map(line -> line.split(SEPARATOR, 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
    }

    /** What is said of a body so that damage is found: the CRC-32 of its parts. */
    static String crc(List<ByteBuffer> parts) {
        CRC32 crc = new CRC32();
        parts.forEach(part -> crc.update(part.duplicate()));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static String crc(String lines) {
        return crc(List.of(StandardCharsets.UTF_8.encode(lines)));
    }

    String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new NoSuchElementException("its header has no " + key);
        }
        return value;
    }

    int number(String key) {
        return Integer.parseInt(text(key));
    }

    Snapshot snapshot(Body repo, Body index, Mono<ArchiveNames> archives) {
        return new Snapshot(
                text("repository"),
                new Commit(new CommitId(text("commit")), Instant.parse(text("commit-time"))),
                Instant.parse(text("published")),
                new Snapshot.Counts(number("packages"), number("opam-files"), number("archives"), number("flawed")),
                Optional.ofNullable(values.get("cache")),
                repo,
                index,
                archives);
    }

    private static Map<String, String> values(Snapshot snapshot) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("repository", snapshot.repository());
        values.put("commit", snapshot.commit().id().hex());
        values.put("commit-time", snapshot.commit().time().toString());
        values.put("published", snapshot.published().toString());
        values.put("packages", Integer.toString(snapshot.counts().packages()));
        values.put("opam-files", Integer.toString(snapshot.counts().opamFiles()));
        values.put("archives", Integer.toString(snapshot.counts().archives()));
        values.put("flawed", Integer.toString(snapshot.counts().flawed()));
        snapshot.cache().ifPresent(cache -> values.put("cache", cache));
        putBody(values, "repo", snapshot.repo());
        putBody(values, "index", snapshot.index());
        return values;
    }

    private static void putBody(Map<String, String> values, String name, Body body) {
        values.put(name + "-bytes", Integer.toString(body.length()));
        values.put(name + "-sha256", body.sha256());
        values.put(name + "-crc32", crc(body.parts()));
    }
}
