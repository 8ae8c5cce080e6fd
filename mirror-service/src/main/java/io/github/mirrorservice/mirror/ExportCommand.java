package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.ArchiveStore;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.FileArchives;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verb that carries a mirror to where there is no network. The mirror may go on serving meanwhile. */
@Command(
        name = "export",
        description = {
            "Writes what a mirror holds, snapshot and archives, to one file that `import` reads;",
            "or its archives to a folder, laid out as by `opam admin cache`. Exit status 4: an archive had rotted."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true)
final class ExportCommand implements Callable<Integer> {

    @Mixin
    private final UpkeepOptions upkeep = new UpkeepOptions();

    @Option(
            names = "--since",
            paramLabel = "FILE",
            description = "An earlier export that the receiver has: its archives are left out.")
    private Optional<Path> since = Optional.empty();

    @Parameters(paramLabel = "FILE|DIR", description = "The file to write; or a folder that is there already.")
    private Path target = Path.of("");

    @Override
    public Integer call() {
        Logs.TEXT.start();
        if (!Files.isDirectory(upkeep.data())) {
            throw new StartException(
                    upkeep.data() + " is no directory: name the data directory of a mirror with --data");
        }
        try (Offline offline = new Offline(upkeep.data())) {
            return Files.isDirectory(target) ? toFolder(offline) : toFile(offline);
        } catch (Bundle.Damaged damaged) {
            upkeep.complain("mirror-service: " + damaged.getMessage());
            return UpkeepOptions.INTEGRITY;
        } catch (IOException failed) {
            throw new StartException("cannot export to " + target + " (" + failed
                    + "): check that it can be written, and that there is enough space");
        }
    }

    private int toFile(Offline offline) throws IOException {
        if (!Files.exists(upkeep.data().resolve("snapshot"))) {
            throw new StartException(upkeep.data() + " has no snapshot yet: let the mirror ingest once");
        }
        Set<Digest> earlier = since.isPresent() ? Bundle.manifest(since.get()) : Set.of();
        List<Archive> archives = offline.archives();
        Path temporary = target.resolveSibling(target.getFileName() + ".part");
        try {
            write(temporary, archives, earlier);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        long written = archives.stream()
                .filter(archive -> !earlier.contains(archive.sha256()))
                .count();
        upkeep.say("exported the snapshot and " + written + " of " + archives.size() + " archives to " + target);
        return 0;
    }

    private void write(Path file, List<Archive> archives, Set<Digest> earlier) throws IOException {
        AtomicLong done = new AtomicLong();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                ProgressLine line = new ProgressLine(upkeep.command())) {
            Bundle.write(
                    out,
                    upkeep.data().resolve("snapshot"),
                    archives,
                    earlier,
                    () -> line.show("archives", done.incrementAndGet(), archives.size()));
        }
    }

    private int toFolder(Offline offline) throws IOException {
        ArchiveStore folder = FileArchives.folder(target, offline.lanes().blocking());
        offline.await(folder.prepare());
        List<Archive> archives = offline.archives();
        int copied = 0;
        int rotten = 0;
        int done = 0;
        try (ProgressLine line = new ProgressLine(upkeep.command())) {
            for (Archive archive : archives) {
                if (offline.await(folder.find(archive.sha256())).isEmpty()) {
                    boolean sound = copy(offline, archive, folder);
                    copied += sound ? 1 : 0;
                    rotten += sound ? 0 : 1;
                }
                line.show("archives", ++done, archives.size());
            }
        }
        Files.deleteIfExists(target.resolve(".incoming"));
        upkeep.say("exported " + copied + " archives to " + target);
        return rotten == 0 ? 0 : UpkeepOptions.INTEGRITY;
    }

    private boolean copy(Offline offline, Archive archive, ArchiveStore folder) throws IOException {
        boolean sound = offline.put(folder, archive);
        if (!sound) {
            upkeep.complain(archive.sha256() + " has rotted and is left out: run scrub");
        }
        return sound;
    }
}
