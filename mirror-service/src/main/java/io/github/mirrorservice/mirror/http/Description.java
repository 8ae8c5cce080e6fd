package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.opam.Body;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** {@code /snapshot.json}: what a snapshot is and holds, for programs. */
final class Description {

    private Description() {}

    static Body of(Snapshot snapshot) {
        String json = new Json()
                .put("repository", snapshot.repository())
                .put("commit", snapshot.revision())
                .put("commit_time", snapshot.committed().toString())
                .put("published_time", snapshot.published().toString())
                .put("packages", snapshot.counts().packages())
                .put("opam_files", snapshot.counts().opamFiles())
                .put("index_sha256", snapshot.index().sha256())
                .put("index_bytes", snapshot.index().bytes().remaining())
                .put("archives_known", snapshot.counts().archives())
                .end();
        byte[] bytes = (json + "\n").getBytes(StandardCharsets.UTF_8);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        return new Body(direct.asReadOnlyBuffer(), HexFormat.of().formatHex(Sha256.of(bytes)));
    }
}
