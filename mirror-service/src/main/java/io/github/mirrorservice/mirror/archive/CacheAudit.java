package io.github.mirrorservice.mirror.archive;

import io.github.mirrorservice.mirror.archive.Digest.Algorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads every archive in the directory of a {@link FileArchives} as it lies on the disk, and follows every link. It changes
 * nothing, and the store may be in use meanwhile. A link that leads nowhere is not wrong: nothing is served by it.
 */
public final class CacheAudit {

    private final CacheLayout cache;
    private final NavigableMap<Digest, Digests> sound = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();

    private CacheAudit(CacheLayout cache) {
        this.cache = cache;
    }

    /**
     * What was found.
     *
     * @param sound the archives whose bytes hash to their name, by their SHA-256
     * @param wrong a line for each file or link that is not what its name says
     */
    public record Report(NavigableMap<Digest, Digests> sound, List<String> wrong) {}

    /** Looks at all archives; to be called where blocking is allowed. */
    public static Report of(Path directory) throws IOException {
        CacheAudit audit = new CacheAudit(CacheLayout.in(directory));
        audit.readAll();
        return new Report(audit.sound, audit.wrong);
    }

    private void readAll() throws IOException {
        for (Path file : files(Algorithm.SHA256)) {
            Optional<Digest> sha256 = CacheLayout.named(file);
            if (sha256.isPresent()) {
                read(file, sha256.get());
            }
        }
        for (Algorithm algorithm : List.of(Algorithm.MD5, Algorithm.SHA512)) {
            for (Path file : files(algorithm)) {
                Optional<Digest> name = Digest.parse(algorithm.label() + '=' + file.getFileName());
                if (name.isPresent()) {
                    follow(file, name.get());
                }
            }
        }
    }

    /** What is served from here is a file itself, but a link would be followed. */
    private void read(Path file, Digest name) {
        try {
            if (Files.isSymbolicLink(file)) {
                wrong.add(shown(file) + " is a link, where the file itself belongs");
                return;
            }
            Digests digests = Digests.of(new FileContent(file));
            if (digests.sha256().equals(name)) {
                sound.put(name, digests);
            } else {
                wrong.add(shown(file) + " holds bytes that hash to " + digests.sha256());
            }
        } catch (NoSuchFileException goneMeanwhile) {
            // Taken out of service since its folder was listed.
        } catch (IOException unreadable) {
            wrong.add(shown(file) + " cannot be read: " + unreadable.getMessage());
        }
    }

    private void follow(Path link, Digest name) throws IOException {
        Optional<Digest> sha256 = cache.sha256(name);
        Optional<Digests> digests = sha256.map(sound::get);
        if (digests.isPresent() && !digests.get().all().contains(name)) {
            wrong.add(shown(link) + " leads to " + sha256.get() + ", which does not hash to it");
        }
    }

    private List<Path> files(Algorithm algorithm) throws IOException {
        Path folder = cache.folder(algorithm);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.filter(file -> folder.relativize(file).getNameCount() == 2)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException broken) {
            throw broken.getCause();
        }
    }

    private String shown(Path file) {
        return "cache/" + cache.root().relativize(file);
    }
}
