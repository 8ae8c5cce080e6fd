package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.Archive;
import io.github.mirrorservice.mirror.archive.Wanted;
import io.github.mirrorservice.mirror.opam.ArchiveNames;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./mirror-data",
            description = "The data directory of the mirror. Default: ${DEFAULT-VALUE}")
    private Path data = Path.of("");

    @Option(names = "--dry-run", description = "Says what would be dropped, and drops nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
        Logs.TEXT.start();
        try (DataDirectory locked = DataDirectory.open(data);
                Offline offline = new Offline(locked.path())) {
            ArchiveNames names = offline.names()
                    .orElseThrow(() -> new StartException(
                            data + " has no snapshot, so nothing says what to keep: let the mirror ingest once"));
            List<Archive> dropped = unnamed(offline, names);
            dropped.forEach(archive -> drop(offline, archive));
            long bytes = dropped.stream().mapToLong(Archive::length).sum();
            spec.commandLine()
                    .getOut()
                    .println((dryRun ? "would drop " : "dropped ") + dropped.size() + " archives of " + bytes
                            + " bytes");
            return 0;
        }
    }

    private void drop(Offline offline, Archive archive) {
        spec.commandLine().getOut().println(archive.sha256());
        if (!dryRun) {
            offline.await(offline.store().remove(archive));
        }
    }

    /** What is held, but not under any digest that is named: a name may be an MD5 alone. */
    private static List<Archive> unnamed(Offline offline, ArchiveNames names) {
        Set<Archive> kept = new HashSet<>();
        for (Wanted wanted : offline.await(
                        names.newestFirst(offline.lanes().ingest()).collectList())
                .orElseThrow()) {
            wanted.digests().forEach(digest -> offline.await(offline.store().find(digest))
                    .ifPresent(kept::add));
        }
        return offline.archives().stream()
                .filter(archive -> !kept.contains(archive))
                .toList();
    }
}
