package io.github.mirrorservice.mirror.objects;

import io.github.mirrorservice.mirror.objects.ObjectWatch.Operation;
import io.github.mirrorservice.mirror.objects.ObjectWatch.Result;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** How calls of a store that speaks S3 are made: behind a breaker, and so that an answer that says no is told apart from none. */
final class S3Calls {

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;

    /** Of the last five calls three failed: the store is left alone for a second, then one call tries, in its time. */
    private static final CircuitBreakerConfig BREAKER = CircuitBreakerConfig.custom()
            .slidingWindowSize(5)
            .minimumNumberOfCalls(3)
            .failureRateThreshold(60)
            .waitDurationInOpenState(Duration.ofSeconds(1))
            .permittedNumberOfCallsInHalfOpenState(1)
            .maxWaitDurationInHalfOpenState(Duration.ofSeconds(30))
            .build();

    private final S3Location location;
    private final ObjectWatch watch;
    private final CircuitBreaker breaker = CircuitBreaker.of("object store", BREAKER);
    private volatile String lastFailure = "it never failed";

    S3Calls(S3Location location, ObjectWatch watch) {
        this.location = location;
        this.watch = watch;
    }

    /** What a call answers. */
    <T> T answer(Operation operation, Supplier<T> call) throws IOException {
        return answer(operation, call, answer -> false).orElseThrow();
    }

    /** What a call answers, or nothing if it says no. One that is interrupted says nothing of the store: clients come and go. */
    <T> Optional<T> answer(Operation operation, Supplier<T> call, Predicate<S3Exception> no) throws IOException {
        long begin = begin(operation);
        try {
            T answer = call.get();
            answered(operation, begin);
            return Optional.of(answer);
        } catch (AbortedException interrupted) {
            breaker.releasePermission();
            throw new ObjectStoreException("whoever asked " + location + " did not wait for its answer", interrupted);
        } catch (RuntimeException failed) {
            if (failed instanceof S3Exception answer && no.test(answer)) {
                answered(operation, begin);
                return Optional.empty();
            }
            failed(operation, begin, failed);
            throw failure(failed);
        }
    }

    /** Emits what a call answers; it begins at subscription. */
    <T> Mono<T> emit(Operation operation, Supplier<CompletableFuture<T>> call) {
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
                    .doOnCancel(breaker::releasePermission)
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
        Throwable wrapped = thrown.getCause();
        Throwable cause = thrown instanceof CompletionException && wrapped != null ? wrapped : thrown;
        lastFailure =
                "%s does not answer as it should (%s): check --object-store, --s3-endpoint, --s3-region and the credentials"
                        .formatted(location, cause.getMessage());
        return new ObjectStoreException(lastFailure, cause);
    }

    /** That it is not there; that its bucket is not is another matter. */
    static boolean missing(S3Exception answer) {
        boolean bucket = answer.awsErrorDetails() != null
                && "NoSuchBucket".equals(answer.awsErrorDetails().errorCode());
        return answer.statusCode() == NOT_FOUND && !bucket;
    }

    /** That something is there already, or that somebody else is writing it at this moment. */
    static boolean taken(S3Exception answer) {
        return answer.statusCode() == PRECONDITION_FAILED || answer.statusCode() == CONFLICT;
    }
}
