package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.opam.Body;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.nio.charset.StandardCharsets;

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
                .put("index_bytes", snapshot.index().length())
                .put("archives_known", snapshot.counts().archives())
                .end();
        return Body.of((json + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
