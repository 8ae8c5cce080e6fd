package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Digest.Algorithm;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A mirror in one file, to be carried to where there is no network: a ZIP archive, not compressed, of {@code manifest}, which
 * lists by SHA-256 every archive that its receiver holds afterwards; {@code snapshot}, as in the data directory; and
 * {@code sha256/HH/HEX} for each archive that an earlier bundle does not list.
 */
final class Bundle {

    private static final String MANIFEST = "manifest";
    private static final String SNAPSHOT = "snapshot";
    private static final String FIRST_LINE = "opam mirror bundle 1";
    private static final int LARGEST_MANIFEST = 64 * 1024 * 1024;

    private Bundle() {}

    /** What a bundle is read into. */
    interface Receiver {

        /** The snapshot, to be read to its end before this returns. */
        void snapshot(InputStream bytes) throws IOException;

        /** An archive that says it has this SHA-256, to be read to its end before this returns. */
        void archive(Digest sha256, InputStream bytes) throws IOException;
    }

    /** Writes a bundle: what is listed, but for what an earlier one lists. The stream is not closed. */
    static void write(OutputStream out, Path snapshot, Collection<Archive> archives, Set<Digest> earlier)
            throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setLevel(Deflater.NO_COMPRESSION);
        zip.putNextEntry(new ZipEntry(MANIFEST));
        zip.write(manifest(archives).getBytes(StandardCharsets.US_ASCII));
        for (Archive archive : archives) {
            if (!earlier.contains(archive.sha256())) {
                zip.putNextEntry(new ZipEntry(archive.sha256().path()));
                archive.content().copyTo(Channels.newChannel(zip));
            }
        }
        // Last, so that whoever receives it has the archives before the snapshot that names them.
        zip.putNextEntry(new ZipEntry(SNAPSHOT));
        Files.copy(snapshot, zip);
        zip.finish();
    }

    private static String manifest(Collection<Archive> archives) {
        return archives.stream()
                .map(archive -> archive.sha256().hex())
                .sorted()
                .collect(Collectors.joining("\n", FIRST_LINE + "\n", "\n"));
    }

    /** The archives that a bundle lists; fails with {@link IOException} if it is none. */
    static Set<Digest> manifest(Path bundle) throws IOException {
        try (ZipInputStream zip = open(bundle)) {
            return manifest(zip, bundle);
        }
    }

    private static ZipInputStream open(Path bundle) throws IOException {
        return new ZipInputStream(new BufferedInputStream(Files.newInputStream(bundle)));
    }

    private static Set<Digest> manifest(ZipInputStream zip, Path bundle) throws IOException {
        ZipEntry first = zip.getNextEntry();
        if (first == null || !first.getName().equals(MANIFEST)) {
            throw new IOException(bundle + " is no bundle of a mirror");
        }
        String text = new String(zip.readNBytes(LARGEST_MANIFEST), StandardCharsets.US_ASCII);
        if (!text.startsWith(FIRST_LINE + "\n")) {
            throw new IOException(bundle + " is a bundle of another version than this program reads");
        }
        return text.lines()
                .skip(1)
                .map(hex -> Digest.parse(Algorithm.SHA256.label() + '=' + hex))
                .flatMap(Optional::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Reads a bundle; emits what it lists. Fails with {@link IOException} if it is damaged, or holds what does not belong there. */
    static Set<Digest> read(Path bundle, Receiver receiver) throws IOException {
        try (ZipInputStream zip = open(bundle)) {
            Set<Digest> listed = manifest(zip, bundle);
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals(SNAPSHOT)) {
                    receiver.snapshot(zip);
                } else {
                    receiver.archive(digest(entry.getName(), bundle), zip);
                }
            }
            return listed;
        }
    }

    private static Digest digest(String name, Path bundle) throws IOException {
        return Digest.parse(Algorithm.SHA256.label() + '=' + name.substring(name.lastIndexOf('/') + 1))
                .filter(digest -> digest.path().equals(name))
                .orElseThrow(() -> new IOException(bundle + " holds something that does not belong there"));
    }
}
