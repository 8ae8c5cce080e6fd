package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.metrics.ArchiveMeters;
import io.github.mirrorservice.mirror.metrics.Scrape;
import io.github.mirrorservice.mirror.opam.Published;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The verb that reads every archive again. */
@Command(
        name = "scrub",
        description = {
            "Reads every archive that is held again. What is no longer what it was goes into quarantine, and is fetched anew if",
            "the snapshot names it. The mirror must not run meanwhile. Exit status 4: something had rotted and is not healed."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true)
final class ScrubCommand implements Callable<Integer> {

    @Mixin
    private final UpkeepOptions upkeep = new UpkeepOptions();

    @Mixin
    private final ArchiveOptions options = new ArchiveOptions();

    @Override
    public Integer call() {
        Logs.TEXT.start();
        ArchiveSettings settings = settings();
        try (DataDirectory locked = DataDirectory.open(upkeep.data());
                Offline offline = new Offline(locked.path())) {
            List<Scrub.Finding> rotten = rotten(settings, locked, offline);
            rotten.forEach(finding -> upkeep.say(finding.archive().sha256()
                    + (finding.healed() ? " had rotted: healed" : " has rotted: quarantined")));
            long lost = rotten.stream().filter(finding -> !finding.healed()).count();
            upkeep.say(rotten.size() + " had rotted, " + lost + " of them are not healed");
            return lost == 0 ? 0 : UpkeepOptions.INTEGRITY;
        }
    }

    private ArchiveSettings settings() {
        try {
            return options.settings();
        } catch (IllegalArgumentException unusable) {
            throw new ParameterException(upkeep.command(), unusable.getMessage(), unusable);
        }
    }

    private List<Scrub.Finding> rotten(ArchiveSettings settings, DataDirectory locked, Offline offline) {
        Published published = new Published();
        offline.snapshot().ifPresent(published::publish);
        Archives archives = new Archives(
                () -> settings,
                ArchiveMeans.of(() -> settings, locked, offline.lanes(), new Version(), Optional.empty()),
                published,
                new ArchiveMeters(new Scrape().registry()));
        AtomicLong read = new AtomicLong();
        try (ProgressLine line = new ProgressLine(upkeep.command())) {
            long all = offline.archives().size();
            return offline.await(archives.prepare()
                            .thenMany(archives.scrub())
                            .doOnNext(finding -> line.show("archives", read.incrementAndGet(), all))
                            .filter(finding -> !finding.sound())
                            .collectList())
                    .orElseThrow();
        }
    }
}
