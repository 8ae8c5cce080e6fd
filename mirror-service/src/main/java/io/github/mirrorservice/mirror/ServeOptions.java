package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.opam.PublishGuard;
import io.github.mirrorservice.mirror.schedule.LaneSettings;
import io.github.mirrorservice.mirror.schedule.LaneSettings.Placement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code serve}, as they are typed. */
final class ServeOptions {

    private static final int BLOCKING_THREADS = 4;

    @Option(
            names = "--remote",
            paramLabel = "URL",
            defaultValue = "https://github.com/ocaml/opam-repository.git",
            description = {
                "What to mirror: an https, http, ssh, git or file URL, a path, or a bundle file; #branch may follow.",
                "demo: or demo:PACKAGES is a generated repository that needs no network.",
                "Default: ${DEFAULT-VALUE}"
            })
    private String remote = "";

    @Option(names = "--branch", paramLabel = "NAME", description = "The branch to follow. Default: the remote's HEAD")
    private @Nullable String branch;

    @Mixin
    private final ListenOptions listen = new ListenOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./mirror-data",
            description = "Everything the mirror keeps; safe to delete while it is stopped. Default: ${DEFAULT-VALUE}")
    private Path data = Path.of("");

    @Option(
            names = "--git-store",
            paramLabel = "memory|file",
            defaultValue = "file",
            description = "Where Git objects live. Default: ${DEFAULT-VALUE}")
    private Settings.Store store = Settings.Store.FILE;

    @Option(
            names = "--schedulers",
            paramLabel = "shared|separate",
            defaultValue = "shared",
            description =
                    "Ingest's CPU work on the event loops that serve HTTP, or on its own threads. Default: ${DEFAULT-VALUE}")
    private Placement placement = Placement.SHARED;

    @Option(
            names = "--slice",
            paramLabel = "DURATION|off",
            defaultValue = "250us",
            description =
                    "How long ingest may hold a shared thread; off removes the cooperation points. Default: ${DEFAULT-VALUE}")
    private String slice = "";

    @Option(
            names = "--event-loops",
            paramLabel = "N",
            description = "How many threads serve HTTP. Default: the CPUs granted")
    private int eventLoops = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--poll",
            paramLabel = "DURATION",
            defaultValue = "60s",
            converter = Durations.class,
            description = "The pause between two looks at the remote. Default: ${DEFAULT-VALUE}")
    private Duration poll = Duration.ZERO;

    @Option(
            names = "--max-loss",
            paramLabel = "PERCENT",
            defaultValue = "10%",
            converter = Shares.class,
            description =
                    "The largest share of packages that may vanish in one publication; more is held back. Default: ${DEFAULT-VALUE}")
    private double maxLoss;

    @Mixin
    private final ArchiveOptions archives = new ArchiveOptions();

    @Mixin
    private final FleetOptions fleet = new FleetOptions();

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "The form of log lines, on stderr. Default: ${DEFAULT-VALUE}")
    private Logs logs = Logs.TEXT;

    Logs logs() {
        return logs;
    }

    /** Fails with {@link IllegalArgumentException} for a value that cannot be used. */
    Settings settings() {
        return new Settings(
                Remote.parse(remote, Optional.ofNullable(branch)),
                store,
                data,
                listen.settings(),
                poll,
                new PublishGuard(maxLoss),
                new LaneSettings(eventLoops, placement, slice(), BLOCKING_THREADS),
                archives.settings(),
                fleet.settings());
    }

    /** The same; what cannot be used is an error of this verb's usage. */
    Settings settings(CommandSpec verb) {
        return Main.usable(verb, this::settings);
    }

    private Optional<Duration> slice() {
        try {
            return slice.equals("off") ? Optional.empty() : Optional.of(new Durations().convert(slice));
        } catch (TypeConversionException unusable) {
            throw new IllegalArgumentException("--slice: " + unusable.getMessage() + ", or off", unusable);
        }
    }
}
