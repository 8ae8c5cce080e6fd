package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The verb that takes in what `export` wrote, or a folder that `opam admin cache` made. Every byte is verified first. */
@Command(
        name = "import",
        description = {
            "Takes in a file that `export` wrote, or the archives of a folder that `opam admin cache` made.",
            "Every archive is verified; the mirror must not run meanwhile. Exit status 4: something was not what it says."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true)
final class ImportCommand implements Callable<Integer> {

    @Mixin
    private final UpkeepOptions upkeep = new UpkeepOptions();

    @Parameters(paramLabel = "FILE|DIR", description = "What to take in.")
    private Path source = Path.of("");

    private int taken;
    private int held;
    private int refused;
    private int all;
    private Optional<ProgressLine> line = Optional.empty();

    @Override
    public Integer call() {
        Logs.TEXT.start();
        if (!Files.exists(source)) {
            throw new StartException(source + " is not there: name a file that export wrote, or a folder");
        }
        try (DataDirectory locked = DataDirectory.open(upkeep.data());
                Offline offline = new Offline(locked.path())) {
            offline.await(offline.store().prepare());
            boolean whole = take(offline);
            upkeep.say("took in " + taken + " archives; " + held + " were held already, " + refused
                    + " are not what they say");
            return whole && refused == 0 ? 0 : UpkeepOptions.INTEGRITY;
        } catch (Bundle.Damaged damaged) {
            upkeep.complain("mirror-service: " + damaged.getMessage());
            return UpkeepOptions.INTEGRITY;
        } catch (IOException failed) {
            throw new StartException("cannot import " + source + " into " + upkeep.data() + " (" + failed
                    + "): check that both can be read and written, and that there is enough space");
        }
    }

    private boolean take(Offline offline) throws IOException {
        boolean isFolder = Files.isDirectory(source);
        all = isFolder ? 0 : Bundle.manifest(source).size();
        try (ProgressLine shown = new ProgressLine(upkeep.command())) {
            line = Optional.of(shown);
            return isFolder ? folder(offline) : bundle(offline);
        }
    }

    private boolean folder(Offline offline) throws IOException {
        Path folder = source.toRealPath();
        try (Stream<Path> files = Files.walk(folder, 3)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                Optional<Digest> digest = digest(folder, file);
                if (digest.isPresent()) {
                    try (InputStream bytes = Files.newInputStream(file)) {
                        archive(offline, digest.get(), bytes);
                    }
                }
            }
        }
        return true;
    }

    /** What a file is named by; links are passed over, since what they lead to has a name too. */
    private Optional<Digest> digest(Path folder, Path file) {
        Path below = folder.relativize(file);
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && below.getNameCount() == 3
                ? Digest.parse(below.getName(0) + "=" + below.getFileName())
                : Optional.empty();
    }

    private void archive(Offline offline, Digest digest, InputStream bytes) throws IOException {
        if (offline.await(offline.store().find(digest)).isPresent()) {
            held++;
        } else if (offline.put(offline.store(), digest, bytes)) {
            taken++;
        } else {
            refused++;
            upkeep.complain(digest + " is something else in " + source + ": not taken in");
        }
        line.ifPresent(shown -> shown.show("archives", taken + held + refused, all));
    }

    /** The archives first, then the snapshot that names them: it is taken only if all that the bundle lists is there. */
    private boolean bundle(Offline offline) throws IOException {
        Path staging = Files.createDirectory(upkeep.data().resolve(Leftovers.IMPORT));
        try {
            Set<Digest> listed = Bundle.read(source, new Bundle.Receiver() {
                @Override
                public void snapshot(InputStream bytes) throws IOException {
                    Files.copy(bytes, staging.resolve("snapshot"));
                }

                @Override
                public void archive(Digest sha256, InputStream bytes) throws IOException {
                    ImportCommand.this.archive(offline, sha256, bytes);
                }
            });
            return isComplete(offline, listed) && turnTo(offline, offline.snapshot(staging));
        } finally {
            Files.deleteIfExists(staging.resolve("snapshot"));
            Files.deleteIfExists(staging);
        }
    }

    private boolean isComplete(Offline offline, Set<Digest> listed) {
        List<Digest> missing = listed.stream()
                .filter(digest -> offline.await(offline.store().find(digest)).isEmpty())
                .toList();
        if (!missing.isEmpty()) {
            upkeep.complain(whatIsMissing(missing.size()));
        }
        return missing.isEmpty();
    }

    private String whatIsMissing(int count) {
        return "%d archives that %s lists are not here, so its snapshot is not taken: %s"
                .formatted(
                        count,
                        source,
                        refused == 0
                                ? "import the earlier export that it was made since"
                                : "copy it again, or export it anew");
    }

    private boolean turnTo(Offline offline, Optional<Snapshot> next) {
        if (next.isEmpty()
                || !next.get().index().isSound()
                || !next.get().repo().isSound()) {
            upkeep.complain("the snapshot is damaged: not taken in");
            return false;
        }
        Optional<Snapshot> now = offline.snapshot();
        if (now.isPresent() && now.get().published().isAfter(next.get().published())) {
            upkeep.complain(
                    "the snapshot is older than the one that is here: not taken in; to go back, delete that first");
            return false;
        }
        offline.save(next.get());
        upkeep.say("the next start serves commit " + next.get().revision() + " of "
                + next.get().repository());
        return true;
    }
}
