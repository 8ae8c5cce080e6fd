package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.objects.S3Location;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of replicas that share an object store, as they are typed. */
final class FleetOptions {

    @Mixin
    private final ObjectStoreOptions store = new ObjectStoreOptions();

    @Option(
            names = "--archive-cache",
            paramLabel = "DIR,SIZE",
            arity = "1..2",
            split = ",",
            description = {
                "A folder of this replica alone, and how many bytes of archives from the object store it keeps at hand,",
                "such as /var/cache/mirror,20GiB. Default: none are kept"
            })
    private List<String> cache = new ArrayList<>();

    @Option(
            names = "--log-poll",
            paramLabel = "DURATION",
            defaultValue = "1s",
            converter = Durations.class,
            description =
                    "The pause between two looks for what another replica has published. Default: ${DEFAULT-VALUE}")
    private Duration poll = Duration.ZERO;

    /** Fails with {@link IllegalArgumentException} for a value that cannot be used. */
    Optional<FleetSettings> settings() {
        Optional<S3Location> location = store.location();
        if (location.isEmpty() && !cache.isEmpty()) {
            throw new IllegalArgumentException(
                    "--archive-cache keeps archives of an object store at hand: name it with --object-store");
        }
        return location.map(place -> new FleetSettings(place, cache(), poll));
    }

    private Optional<FleetSettings.LocalCache> cache() {
        if (cache.isEmpty()) {
            return Optional.empty();
        }
        if (cache.size() != 2) {
            throw new IllegalArgumentException(
                    "--archive-cache is a folder and a size, such as /var/cache/mirror,20GiB, not "
                            + String.join(",", cache));
        }
        try {
            return Optional.of(new FleetSettings.LocalCache(Path.of(cache.get(0)), new Sizes().convert(cache.get(1))));
        } catch (TypeConversionException unusable) {
            throw new IllegalArgumentException("--archive-cache: " + unusable.getMessage(), unusable);
        }
    }
}
