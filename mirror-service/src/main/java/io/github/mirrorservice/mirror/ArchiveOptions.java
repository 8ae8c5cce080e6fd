package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.upstream.AddressPolicy;
import io.github.mirrorservice.mirror.archive.upstream.Sources.Caches;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options about archives, as they are typed. */
final class ArchiveOptions {

    @Option(
            names = "--archives",
            paramLabel = "off|lazy|eager",
            defaultValue = "lazy",
            description = {
                "Source archives: not cached, fetched when a client asks for one, or all fetched in the background.",
                "Default: ${DEFAULT-VALUE}"
            })
    private ArchiveSettings.Mode mode = ArchiveSettings.Mode.LAZY;

    @Option(
            names = "--archive-store",
            paramLabel = "memory|file",
            defaultValue = "file",
            description =
                    "Where archives are kept; memory takes a quarter of the heap at most. Default: ${DEFAULT-VALUE}")
    private Settings.Store store = Settings.Store.FILE;

    @Option(
            names = "--allow-upstream",
            paramLabel = "HOST|CIDR",
            split = ",",
            description = "A host or range with private addresses that may be asked for archives; may be repeated.")
    private List<String> allowed = new ArrayList<>();

    @Option(
            names = "--upstream-cache",
            paramLabel = "URL",
            split = ",",
            description = {
                "Another cache of archives, such as https://opam.ocaml.org/cache; may be repeated.",
                "It is asked by checksum, and may have a private address."
            })
    private List<String> caches = new ArrayList<>();

    @Option(
            names = "--upstream-cache-order",
            paramLabel = "first|last",
            defaultValue = "first",
            description =
                    "Whether other caches are asked before or after what opam files name. Default: ${DEFAULT-VALUE}")
    private Caches.Order order = Caches.Order.FIRST;

    @Option(
            names = "--publish-archives",
            paramLabel = "never|try|require",
            defaultValue = "never",
            description = {
                "Whether a publication waits for the archives that are new in it: not at all, for --publish-wait, or until",
                "it has them all. The first snapshot never waits. Default: ${DEFAULT-VALUE}"
            })
    private ArchiveSettings.Publication publication = ArchiveSettings.Publication.NEVER;

    @Option(
            names = "--publish-wait",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = Durations.class,
            description = "How long it waits at the most where it tries. Default: ${DEFAULT-VALUE}")
    private Duration wait = Duration.ZERO;

    @Option(
            names = "--scrub-rate",
            paramLabel = "SIZE|off",
            defaultValue = "1MiB",
            description =
                    "How many bytes a second of held archives are read again, to find rot. Default: ${DEFAULT-VALUE}")
    private String scrubRate = "";

    /** Fails with {@link IllegalArgumentException} for a value that cannot be used. */
    ArchiveSettings settings() {
        caches.forEach(ArchiveOptions::requireUrl);
        return new ArchiveSettings(
                mode, store, AddressPolicy.of(allowed), new Caches(caches, order), publication, wait, scrubRate());
    }

    private static void requireUrl(String cache) {
        if (!cache.matches("https?://[^/\\s]+(/\\S*)?")) {
            throw new IllegalArgumentException(
                    "--upstream-cache is an http or https URL, such as https://opam.ocaml.org/cache, not " + cache);
        }
    }

    private OptionalLong scrubRate() {
        try {
            return scrubRate.equals("off") ? OptionalLong.empty() : OptionalLong.of(new Sizes().convert(scrubRate));
        } catch (TypeConversionException unusable) {
            throw new IllegalArgumentException("--scrub-rate: " + unusable.getMessage() + ", or off", unusable);
        }
    }
}
