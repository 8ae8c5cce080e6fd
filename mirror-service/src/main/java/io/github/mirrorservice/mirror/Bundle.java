package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Digest.Algorithm;
import io.github.mirrorservice.mirror.archive.Hasher;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
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
import java.util.zip.ZipException;
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

    /** A file is not what was exported, or what was exported is not what it was when it came. */
    static final class Damaged extends IOException {

        private static final long serialVersionUID = 1L;

        Damaged(String message) {
            super(message);
        }

        Damaged(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** What a bundle is read into. */
    interface Receiver {

        /** The snapshot, to be read to its end before this returns. */
        void snapshot(InputStream bytes) throws IOException;

        /** An archive that says it has this SHA-256, to be read to its end before this returns. */
        void archive(Digest sha256, InputStream bytes) throws IOException;
    }

    /**
     * Writes a bundle: what is listed, but for what an earlier one lists. The stream is not closed. Fails with {@link Damaged}
     * if an archive has rotted.
     *
     * @param progress told of each archive that is done with
     */
    static void write(
            OutputStream out, Path snapshot, Collection<Archive> archives, Set<Digest> earlier, Runnable progress)
            throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setLevel(Deflater.NO_COMPRESSION);
        zip.putNextEntry(new ZipEntry(MANIFEST));
        zip.write(manifest(archives).getBytes(StandardCharsets.US_ASCII));
        for (Archive archive : archives) {
            if (!earlier.contains(archive.sha256())) {
                write(zip, archive);
            }
            progress.run();
        }
        // Last, so that whoever receives it has the archives before the snapshot that names them.
        zip.putNextEntry(new ZipEntry(SNAPSHOT));
        Files.copy(snapshot, zip);
        zip.finish();
    }

    private static void write(ZipOutputStream zip, Archive archive) throws IOException {
        Hasher hasher = new Hasher();
        WritableByteChannel entry = Channels.newChannel(zip);
        zip.putNextEntry(new ZipEntry(archive.sha256().path()));
        archive.content().copyTo(bytes -> {
            hasher.write(bytes.duplicate());
            entry.write(bytes);
        });
        if (!hasher.digests().sha256().equals(archive.sha256())) {
            throw new Damaged(archive.sha256() + " has rotted: run scrub, then export again");
        }
    }

    private static String manifest(Collection<Archive> archives) {
        return archives.stream()
                .map(archive -> archive.sha256().hex())
                .sorted()
                .collect(Collectors.joining("\n", FIRST_LINE + "\n", "\n"));
    }

    /** The archives that a bundle lists; fails with {@link StartException} if it is none, with {@link Damaged} if it is broken. */
    static Set<Digest> manifest(Path bundle) throws IOException {
        try (ZipInputStream zip = open(bundle)) {
            return manifest(zip, bundle);
        } catch (ZipException | EOFException | IllegalArgumentException broken) {
            throw damaged(bundle, broken);
        }
    }

    /** Java says {@link IllegalArgumentException} of a name that is not UTF-8. */
    private static Damaged damaged(Path bundle, Exception broken) {
        return new Damaged(
                bundle + " is damaged (" + broken.getMessage() + "): copy it again, or export it anew", broken);
    }

    private static ZipInputStream open(Path bundle) throws IOException {
        return new ZipInputStream(new BufferedInputStream(Files.newInputStream(bundle)));
    }

    private static Set<Digest> manifest(ZipInputStream zip, Path bundle) throws IOException {
        ZipEntry first = zip.getNextEntry();
        if (first == null || !first.getName().equals(MANIFEST)) {
            throw new StartException(bundle + " is no bundle of a mirror: name a file that export wrote");
        }
        String text = new String(zip.readNBytes(LARGEST_MANIFEST), StandardCharsets.US_ASCII);
        if (!text.startsWith(FIRST_LINE + "\n")) {
            throw new StartException(bundle
                    + " is a bundle of another version than this program reads: export it with the same version");
        }
        return text.lines()
                .skip(1)
                .map(hex -> Digest.parse(Algorithm.SHA256.label() + '=' + hex))
                .flatMap(Optional::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Reads a bundle; returns what it lists. Fails with {@link Damaged} if it is broken or holds what does not belong there. */
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
        } catch (ZipException | EOFException | IllegalArgumentException broken) {
            throw damaged(bundle, broken);
        }
    }

    private static Digest digest(String name, Path bundle) throws IOException {
        return Digest.parse(Algorithm.SHA256.label() + '=' + name.substring(name.lastIndexOf('/') + 1))
                .filter(digest -> digest.path().equals(name))
                .orElseThrow(() -> new Damaged(
                        bundle + " holds something that does not belong there: copy it again, or export it anew"));
    }
}
