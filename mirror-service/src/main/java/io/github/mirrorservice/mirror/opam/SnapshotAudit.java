package io.github.mirrorservice.mirror.opam;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.mirrorservice.mirror.opam.TarReader.File;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** Reads a snapshot as a client would, and compares its parts with each other and with what it says of itself. */
public final class SnapshotAudit {

    private static final int PIECE = 64 * 1024;

    private final Snapshot snapshot;
    private final List<String> wrong = new ArrayList<>();
    private final Set<String> packages = new HashSet<>();
    private int opamFiles;
    private Optional<byte[]> repo = Optional.empty();

    private SnapshotAudit(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    /** A line for all that does not fit; takes as long as it takes to inflate the index. */
    public static List<String> wrong(Snapshot snapshot) {
        SnapshotAudit audit = new SnapshotAudit(snapshot);
        audit.require(snapshot.repo().isSound(), "the SHA-256 of /repo is not the one that was saved with it");
        audit.require(snapshot.index().isSound(), "the SHA-256 of /index.tar.gz is not the one that was saved with it");
        audit.read();
        return audit.wrong;
    }

    private void read() {
        byte[] served = bytes(snapshot.repo());
        require(
                new String(served, UTF_8).contains('"' + snapshot.revision() + '"'),
                "/repo does not carry the stamp of commit " + snapshot.revision());
        try {
            readIndex();
            require(
                    repo.filter(inIndex -> Arrays.equals(inIndex, served)).isPresent(),
                    "the file repo in /index.tar.gz is not /repo");
            require(
                    packages.size() == snapshot.counts().packages()
                            && opamFiles == snapshot.counts().opamFiles(),
                    "/index.tar.gz holds %d packages in %d versions where it should be %d in %d"
                            .formatted(
                                    packages.size(),
                                    opamFiles,
                                    snapshot.counts().packages(),
                                    snapshot.counts().opamFiles()));
        } catch (IOException | IllegalArgumentException broken) {
            wrong.add("/index.tar.gz cannot be read to its end: " + broken.getMessage());
        }
    }

    private void readIndex() throws IOException {
        TarReader tar = new TarReader();
        byte[] piece = new byte[PIECE];
        try (InputStream in = new GZIPInputStream(stream(snapshot.index()))) {
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                tar.read(piece, length).forEach(this::note);
            }
        }
    }

    private void note(File file) {
        Entry.packageName(file.path()).ifPresent(name -> {
            packages.add(name);
            opamFiles++;
        });
        if (file.path().equals("repo")) {
            repo = file.content();
        }
    }

    private void require(boolean right, String otherwise) {
        if (!right) {
            wrong.add(otherwise);
        }
    }

    private static InputStream stream(Body body) {
        return new SequenceInputStream(Collections.enumeration(body.parts().stream()
                .map(part -> new ByteArrayInputStream(bytes(part)))
                .toList()));
    }

    private static byte[] bytes(ByteBuffer part) {
        byte[] bytes = new byte[part.remaining()];
        part.duplicate().get(bytes);
        return bytes;
    }

    private static byte[] bytes(Body body) {
        try (InputStream in = stream(body)) {
            return in.readAllBytes();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
