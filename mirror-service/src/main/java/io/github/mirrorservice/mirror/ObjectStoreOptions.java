package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.objects.S3Location;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where replicas keep what they share, as they are typed. */
final class ObjectStoreOptions {

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

    /** Fails with {@link IllegalArgumentException} for a value that cannot be used. */
    Optional<S3Location> location() {
        if (store == null && endpoint != null) {
            throw new IllegalArgumentException(
                    "--s3-endpoint says where an object store is: name it with --object-store");
        }
        return Optional.ofNullable(store).map(url -> S3Location.parse(url, Optional.ofNullable(endpoint), region));
    }
}
