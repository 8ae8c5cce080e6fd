package io.github.mirrorservice.mirror.objects;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where objects are in a store that speaks S3.
 *
 * @param bucket the bucket, which has to be there
 * @param prefix what every key begins with: empty, or ending in a slash
 * @param endpoint where the store answers; empty for Amazon's
 * @param region the region that requests are signed for
 */
public record S3Location(String bucket, String prefix, Optional<URI> endpoint, String region) {

    /** Names of buckets by Amazon's rules; keys are kept to what needs no escaping anywhere. */
    private static final Pattern URL =
            Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/((?:[A-Za-z0-9._-]+/)*[A-Za-z0-9._-]+)?/?)?");

    /**
     * Reads {@code s3://BUCKET/PREFIX}; fails with {@link IllegalArgumentException}.
     *
     * @param endpoint an http or https URL without a path, if the store is not Amazon's
     */
    public static S3Location parse(String url, Optional<String> endpoint, String region) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "--object-store is a bucket, and perhaps a prefix of its keys, such as s3://my-bucket/opam, not "
                            + url);
        }
        String prefix = parts.group(2) == null ? "" : parts.group(2) + '/';
        return new S3Location(parts.group(1), prefix, endpoint.map(S3Location::endpoint), region);
    }

    private static URI endpoint(String given) {
        if (!given.matches("https?://[^/\\s@]+/?")) {
            throw new IllegalArgumentException(
                    "--s3-endpoint is the URL of the store without a path, such as https://s3.example.org, not "
                            + given);
        }
        return URI.create(given);
    }

    /** As it was typed. */
    @Override
    public String toString() {
        return "s3://" + bucket + (prefix.isEmpty() ? "" : '/' + prefix.substring(0, prefix.length() - 1));
    }
}
