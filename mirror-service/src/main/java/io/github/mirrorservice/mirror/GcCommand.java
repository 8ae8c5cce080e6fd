package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.opam.ArchiveNames;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The verb that drops archives which the snapshot does not name: nothing else ever does. */
@Command(
        name = "gc",
        description = {
            "Drops the archives that the snapshot does not name. Clients whose index is older may still ask for them.",
            "The mirror must not run meanwhile."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true)
final class GcCommand implements Callable<Integer> {

    @Mixin
    private final UpkeepOptions upkeep = new UpkeepOptions();

    @Option(names = "--dry-run", description = "Says what would be dropped, and drops nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
        Logs.TEXT.start();
        try (DataDirectory locked = DataDirectory.open(upkeep.data());
                Offline offline = new Offline(locked.path())) {
            ArchiveNames names = offline.names()
                    .orElseThrow(() -> new StartException(upkeep.data()
                            + " has no snapshot, so nothing says what to keep: let the mirror ingest once"));
            List<Archive> dropped = unnamed(offline, names);
            dropped.forEach(archive -> drop(offline, archive));
            long bytes = dropped.stream().mapToLong(Archive::length).sum();
            upkeep.say((dryRun ? "would drop " : "dropped ") + dropped.size() + " archives of " + bytes + " bytes");
            return 0;
        }
    }

    private void drop(Offline offline, Archive archive) {
        upkeep.say(archive.sha256().toString());
        if (!dryRun) {
            offline.await(offline.store().remove(archive));
        }
    }

    /** What is held, but not under any digest that is named: a name may be an MD5 alone. */
    private static List<Archive> unnamed(Offline offline, ArchiveNames names) {
        Set<Digest> kept = new HashSet<>();
        for (Wanted wanted : offline.await(
                        names.newestFirst(offline.lanes().ingest()).collectList())
                .orElseThrow()) {
            wanted.digests().forEach(digest -> offline.await(offline.store().find(digest))
                    .map(Archive::sha256)
                    .ifPresent(kept::add));
        }
        return offline.archives().stream()
                .filter(archive -> !kept.contains(archive.sha256()))
                .toList();
    }
}
