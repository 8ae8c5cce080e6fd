package io.github.mirrorservice.mirror.objects;

import io.github.mirrorservice.mirror.objects.ObjectWatch.Operation;
import io.github.mirrorservice.mirror.objects.ObjectWatch.Result;
import io.github.mirrorservice.mirror.objects.S3Objects.Call;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * How calls of a store that speaks S3 are made: with a time limit, behind a breaker, and so that an answer that says no is told
 * apart from none.
 */
final class S3Calls {

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;

    /** Of the last five calls three failed: the store is left alone for a second, then one call tries. */
    private static final CircuitBreakerConfig BREAKER = CircuitBreakerConfig.custom()
            .slidingWindowSize(5)
            .minimumNumberOfCalls(3)
            .failureRateThreshold(60)
            .waitDurationInOpenState(Duration.ofSeconds(1))
            .permittedNumberOfCallsInHalfOpenState(1)
            .build();

    private final S3Location location;
    private final ObjectWatch watch;
    private volatile String lastFailure = "it never failed";
    private final CircuitBreaker breaker = CircuitBreaker.of("object store", BREAKER);

    S3Calls(S3Location location, ObjectWatch watch) {
        this.location = location;
        this.watch = watch;
    }

    /** What a call answers; there is no other answer than yes. */
    <T> T await(Operation operation, Call<T> call) throws IOException {
        return await(operation, call, S3Clients.CALL, no -> Optional.empty()).orElseThrow();
    }

    /** What a call answers, or nothing if the store says that there is no such object. */
    <T> Optional<T> ifThere(Operation operation, Call<T> call) throws IOException {
        return await(operation, call, S3Clients.CALL, S3Calls::missing);
    }

    /**
     * What a call answers.
     *
     * @param most how long it may take
     * @param no reads an answer that is none of success: what it means, perhaps nothing, or empty if it is a failure
     */
    <T> Optional<T> await(
            Operation operation, Call<T> call, Duration most, Function<S3Exception, Optional<Optional<T>>> no)
            throws IOException {
        long begin = begin(operation);
        CompletableFuture<T> future = new CompletableFuture<>();
        try {
            future = call.get();
            T answer = future.get(most.toMillis(), TimeUnit.MILLISECONDS);
            answered(operation, begin);
            return Optional.of(answer);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw ended(operation, begin, future, stopped);
        } catch (TimeoutException late) {
            throw ended(operation, begin, future, late);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof S3Exception answer) {
                Optional<Optional<T>> meaning = no.apply(answer);
                if (meaning.isPresent()) {
                    answered(operation, begin);
                    return meaning.get();
                }
            }
            throw ended(operation, begin, future, failed);
        }
    }

    private ObjectStoreException ended(Operation operation, long begin, CompletableFuture<?> future, Throwable cause) {
        future.cancel(true);
        failed(operation, begin, cause);
        return failure(cause);
    }

    /** Emits what a call answers; it begins at subscription. */
    <T> Mono<T> emit(Operation operation, Call<T> call) {
        return Mono.defer(() -> {
            long begin;
            try {
                begin = begin(operation);
            } catch (ObjectStoreException refused) {
                return Mono.error(refused);
            }
            return Mono.fromFuture(call)
                    .timeout(S3Clients.CALL)
                    .doOnNext(answer -> answered(operation, begin))
                    .doOnError(cause -> failed(operation, begin, cause))
                    .doOnCancel(() -> breaker.releasePermission())
                    .onErrorMap(this::failure);
        });
    }

    private long begin(Operation operation) throws ObjectStoreException {
        if (!breaker.tryAcquirePermission()) {
            watch.called(operation, Result.REFUSED, Duration.ZERO);
            throw new ObjectStoreException(lastFailure + "; it failed so often that it is left alone for a second");
        }
        return System.nanoTime();
    }

    private void answered(Operation operation, long begin) {
        long nanos = System.nanoTime() - begin;
        breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
        watch.called(operation, Result.ANSWERED, Duration.ofNanos(nanos));
    }

    private void failed(Operation operation, long begin, Throwable cause) {
        long nanos = System.nanoTime() - begin;
        breaker.onError(nanos, TimeUnit.NANOSECONDS, cause);
        watch.called(operation, Result.FAILED, Duration.ofNanos(nanos));
    }

    ObjectStoreException failure(Throwable thrown) {
        Throwable cause = cause(thrown);
        String said = cause instanceof TimeoutException ? "it took too long" : String.valueOf(cause.getMessage());
        lastFailure = "%s does not answer as it should (%s): check --object-store, --s3-endpoint and the credentials"
                .formatted(location, said);
        return new ObjectStoreException(lastFailure, cause);
    }

    private static Throwable cause(Throwable thrown) {
        boolean wrapped = thrown instanceof CompletionException || thrown instanceof ExecutionException;
        Throwable cause = thrown.getCause();
        return wrapped && cause != null ? cause : thrown;
    }

    /** That it is not there; that its bucket is not is another matter. */
    static <T> Optional<Optional<T>> missing(S3Exception answer) {
        boolean bucket = answer.awsErrorDetails() != null
                && "NoSuchBucket".equals(answer.awsErrorDetails().errorCode());
        return answer.statusCode() == NOT_FOUND && !bucket ? Optional.of(Optional.empty()) : Optional.empty();
    }

    /** That something is there already, or that somebody else is writing it at this moment. */
    static Optional<Optional<Integer>> conflict(S3Exception answer) {
        int status = answer.statusCode();
        return status == PRECONDITION_FAILED || status == CONFLICT
                ? Optional.of(Optional.of(status))
                : Optional.empty();
    }
}
