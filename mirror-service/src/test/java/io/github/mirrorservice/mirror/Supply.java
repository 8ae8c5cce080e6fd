package io.github.mirrorservice.mirror;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.mirrorservice.mirror.archive.Bytes;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Digests;
import io.github.mirrorservice.mirror.archive.upstream.RawOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A Git repository whose packages have source archives, and an origin that gives these. */
final class Supply implements AutoCloseable {

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final RawOrigin origin = RawOrigin.saying(this::answer);
    private final Upstream upstream;

    /** One with a package that has no source. */
    Supply(Path git) {
        upstream = Upstream.withPackages(git, "bare.1");
    }

    String url() {
        return upstream.url();
    }

    Upstream git() {
        return upstream;
    }

    RawOrigin origin() {
        return origin;
    }

    /** Adds a package whose archive the origin has, named by its SHA-256; returns the archive. */
    byte[] add(String nameAndVersion) {
        return add(nameAndVersion, digests -> List.of(digests.sha256()));
    }

    /** The same with a choice of what it is named by. */
    byte[] add(String nameAndVersion, Function<Digests, List<Digest>> named) {
        byte[] bytes = name(nameAndVersion, named);
        give(nameAndVersion, bytes);
        return bytes;
    }

    /** Adds a package whose archive the origin does not have. */
    byte[] name(String nameAndVersion, Function<Digests, List<Digest>> named) {
        byte[] bytes = Bytes.random(nameAndVersion.hashCode(), 5_000);
        String checksums = named.apply(Bytes.digests(bytes)).stream()
                .map(digest -> '"' + digest.toString() + '"')
                .collect(Collectors.joining(" "));
        upstream.put(
                Upstream.opamPath(nameAndVersion),
                "opam-version: \"2.0\"\nurl {\n  src: \"%s\"\n  checksum: [%s]\n}\n"
                        .formatted(origin.url("/" + nameAndVersion), checksums));
        return bytes;
    }

    /** From now on the origin has it. */
    void give(String nameAndVersion, byte[] bytes) {
        files.put("/" + nameAndVersion, bytes);
    }

    /** From now on the origin has it no longer. */
    void take(String nameAndVersion) {
        files.remove("/" + nameAndVersion);
    }

    void commit() {
        upstream.commit();
    }

    private String answer(String target) {
        return Optional.ofNullable(files.get(target))
                .map(bytes -> "HTTP/1.1 200 OK\r\nContent-Length: " + bytes.length + "\r\n\r\n"
                        + new String(bytes, ISO_8859_1))
                .orElse("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    }

    @Override
    public void close() throws IOException {
        origin.close();
        upstream.close();
    }
}
