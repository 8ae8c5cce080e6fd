package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.objects.S3Location;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of replicas that share an object store, as they are typed. */
final class FleetOptions {

    @Option(
            names = "--object-store",
            paramLabel = "URL",
            description = {
                "Where all replicas of a mirror keep its publications and archives: a bucket of a store that speaks S3, and",
                "perhaps a prefix, such as s3://my-bucket/opam. Credentials come from AWS_ACCESS_KEY_ID and so on."
            })
    private @Nullable String store;

    @Option(
            names = "--s3-endpoint",
            paramLabel = "URL",
            description = "Where that store answers, such as https://s3.example.org. Default: Amazon's")
    private @Nullable String endpoint;

    @Option(
            names = "--s3-region",
            paramLabel = "NAME",
            defaultValue = "us-east-1",
            description = "The region that requests to it are signed for. Default: ${DEFAULT-VALUE}")
    private String region = "";

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
        Optional<S3Location> location =
                Optional.ofNullable(store).map(url -> S3Location.parse(url, Optional.ofNullable(endpoint), region));
        if (location.isEmpty() && (endpoint != null || !cache.isEmpty())) {
            throw new IllegalArgumentException(
                    "--s3-endpoint and --archive-cache say something of an object store: name it with --object-store");
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
