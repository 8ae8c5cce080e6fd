package io.github.mirrorservice.mirror.objects;

import io.github.mirrorservice.mirror.objects.ObjectWatch.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * The objects of one bucket, by way of Amazon's clients. Calls have short timeouts; when several have failed, the next ones fail
 * at once for a while. Conditions are limited to {@code If-None-Match: *}, the one that every good store keeps.
 */
public final class S3Objects implements ObjectStore {

    private static final int MOST_CONFLICTS = 5;

    /** Slower than this is as good as nothing. */
    private static final long LEAST_BYTES_PER_SECOND = 128 * 1024;

    /** The store has to read and write all of it. */
    private static final Duration COPY = Duration.ofMinutes(1);

    private final S3Location location;
    private final S3Clients clients;
    private final S3Client calls;
    private final S3AsyncClient streams;
    private final S3Calls guard;

    /** Readers who hold all streams do not say that the store is away. */
    private final S3Calls streamGuard;

    /** Opens no connection yet. Who it is to the store is found out as Amazon's tools do, by {@code AWS_ACCESS_KEY_ID} and so on. */
    public S3Objects(S3Location location, ObjectWatch watch) {
        this.location = location;
        this.clients = new S3Clients(location);
        this.calls = clients.calls();
        this.streams = clients.streams();
        this.guard = new S3Calls(location, watch);
        this.streamGuard = new S3Calls(location, watch);
    }

    @Override
    public boolean create(String key, byte[] content) throws IOException {
        return create(key, () -> RequestBody.fromBytes(content), content.length);
    }

    @Override
    public boolean create(String key, Path file) throws IOException {
        return create(key, () -> RequestBody.fromFile(file), Files.size(file));
    }

    /** A store may refuse both of two that come at once. */
    private boolean create(String key, Supplier<RequestBody> body, long length) throws IOException {
        PutObjectRequest request = put(key).ifNoneMatch("*")
                .overrideConfiguration(call -> call.apiCallTimeout(timeFor(length)))
                .build();
        for (int conflicts = 0; conflicts < MOST_CONFLICTS; conflicts++) {
            if (guard.answer(Operation.CREATE, () -> calls.putObject(request, body.get()), S3Calls::taken)
                    .isPresent()) {
                return true;
            }
            if (find(key).isPresent()) {
                return false;
            }
        }
        throw new ObjectStoreException(location + " refused " + key + " again and again, because others write it too");
    }

    private static Duration timeFor(long bytes) {
        return S3Clients.CALL.plusSeconds(bytes / LEAST_BYTES_PER_SECOND);
    }

    @Override
    public void replace(String key, byte[] content) throws IOException {
        guard.answer(Operation.REPLACE, () -> calls.putObject(put(key).build(), RequestBody.fromBytes(content)));
    }

    private PutObjectRequest.Builder put(String key) {
        return PutObjectRequest.builder().bucket(location.bucket()).key(location.prefix() + key);
    }

    @Override
    public Optional<Listed> find(String key) throws IOException {
        return guard.answer(
                        Operation.FIND,
                        () -> calls.headObject(
                                head -> head.bucket(location.bucket()).key(location.prefix() + key)),
                        S3Calls::missing)
                .map(head -> new Listed(key, head.contentLength()));
    }

    @Override
    public Optional<Fetched> get(String key, int most) throws IOException {
        GetObjectRequest all = request(key)
                .overrideConfiguration(call -> call.apiCallTimeout(timeFor(most)))
                .build();
        return guard.answer(
                Operation.READ,
                () -> calls.getObject(all, (answer, body) -> begin(answer, body, most)),
                S3Calls::missing);
    }

    private static Fetched begin(GetObjectResponse answer, AbortableInputStream body, int most) throws IOException {
        byte[] content = body.readNBytes(most + 1);
        if (content.length > most) {
            body.abort();
        }
        return new Fetched(ByteBuffer.wrap(content).asReadOnlyBuffer(), age(answer));
    }

    /** What was written in the future, before the store's clock was put back, is as old as it is far away. */
    private static Duration age(GetObjectResponse response) {
        Instant now = response.sdkHttpResponse()
                .firstMatchingHeader("Date")
                .flatMap(S3Objects::instant)
                .orElseGet(Instant::now);
        Instant written = Objects.requireNonNullElse(response.lastModified(), Instant.EPOCH);
        return Duration.between(written, now).abs();
    }

    private static Optional<Instant> instant(String date) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
        } catch (DateTimeException unusual) {
            return Optional.empty();
        }
    }

    @Override
    public InputStream open(String key) throws IOException {
        return guard.answer(
                Operation.READ, () -> calls.getObject(request(key).build(), ResponseTransformer.toInputStream()));
    }

    @Override
    public Flux<ByteBuffer> read(String key, long first, long count) {
        GetObjectRequest part =
                request(key).range("bytes=" + first + "-" + (first + count - 1)).build();
        return streamGuard
                .emit(
                        Operation.READ,
                        () -> streams.getObject(part, AsyncResponseTransformer.toPublisher(S3Clients.CALL)))
                .flatMapMany(body -> Flux.from(body)
                        .doOnNext(piece -> requirePart(body.response(), first, count))
                        .onErrorMap(streamGuard::failure))
                .transform(bytes -> whole(bytes, key, count));
    }

    /**
     * What is more, or another part, would be taken by clients for what they have asked for. It is looked at when the first bytes
     * are there: the client would lose those that nobody takes.
     */
    private static void requirePart(GetObjectResponse answer, long first, long count) {
        if (answer.contentLength() != count
                || !String.valueOf(answer.contentRange()).startsWith("bytes " + first + "-")) {
            throw new IllegalStateException("it gave %d bytes (%s) where %d from %d on were asked for"
                    .formatted(answer.contentLength(), answer.contentRange(), count, first));
        }
    }

    /** What ends too early must not look like an end. */
    private Flux<ByteBuffer> whole(Flux<ByteBuffer> bytes, String key, long count) {
        return Flux.defer(() -> {
            long[] left = {count};
            return bytes.doOnNext(piece -> left[0] -= piece.remaining())
                    .concatWith(Mono.defer(() -> left[0] == 0
                            ? Mono.empty()
                            : Mono.error(new ObjectStoreException(location + " gave " + (count - left[0]) + " bytes of "
                                    + key + " where there are " + count))));
        });
    }

    private GetObjectRequest.Builder request(String key) {
        return GetObjectRequest.builder().bucket(location.bucket()).key(location.prefix() + key);
    }

    @Override
    public List<Listed> list(String prefix, String after) throws IOException {
        int own = location.prefix().length();
        return guard
                .answer(
                        Operation.LIST,
                        () -> calls.listObjectsV2(list -> list.bucket(location.bucket())
                                .prefix(location.prefix() + prefix)
                                .startAfter(location.prefix() + after)))
                .contents()
                .stream()
                .map(object -> new Listed(object.key().substring(own), object.size()))
                .toList();
    }

    @Override
    public void copy(String key, String target) throws IOException {
        guard.answer(
                Operation.COPY,
                () -> calls.copyObject(copy -> copy.sourceBucket(location.bucket())
                        .sourceKey(location.prefix() + key)
                        .destinationBucket(location.bucket())
                        .destinationKey(location.prefix() + target)
                        .overrideConfiguration(call -> call.apiCallTimeout(COPY))));
    }

    @Override
    public void delete(String key) throws IOException {
        guard.answer(
                Operation.DELETE,
                () -> calls.deleteObject(gone -> gone.bucket(location.bucket()).key(location.prefix() + key)));
    }

    @Override
    public void close() {
        clients.close();
    }

    /** Where the objects are, as it was typed. */
    @Override
    public String toString() {
        return location.toString();
    }
}
