package io.github.mirrorservice.mirror.objects;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3BaseClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;

/**
 * Amazon's clients as they are used here: short timeouts, and few retries, since a store may close a kept connection just when it is used again. Calls that block are made by the one that blocks: the
 * other gives up a connection with most answers that say no. That one reads what is sent on as it comes, on threads of its own.
 */
final class S3Clients {

    /** In which a call that carries few bytes is over. */
    static final Duration CALL = Duration.ofSeconds(3);

    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(5);

    /** A stream that is silent may have a reader who takes his time; the server cuts off those who take too much. */
    private static final Duration SLOWNESS = Duration.ofMinutes(2);

    private static final int TRIES = 4;
    private static final int THREADS = 2;
    private static final int MOST_STREAMS = 512;

    private final S3Location location;
    private final SdkEventLoopGroup loops = SdkEventLoopGroup.builder()
            .numberOfThreads(THREADS)
            .threadFactory(S3Clients::thread)
            .build();
    private final S3Client calls;
    private final S3AsyncClient streams;

    S3Clients(S3Location location) {
        this.location = location;
        this.calls = told(S3Client.builder())
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE))
                .build();
        // On another thread than the one that reads an answer: the client would take one that says no for a call given
        // up.
        this.streams = told(S3AsyncClient.builder())
                .asyncConfiguration(async -> async.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, loops.eventLoopGroup()))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder()
                        .eventLoopGroup(loops)
                        .maxConcurrency(MOST_STREAMS)
                        .maxPendingConnectionAcquires(MOST_STREAMS)
                        .connectionTimeout(CONNECT)
                        .connectionAcquisitionTimeout(CALL)
                        .readTimeout(SLOWNESS))
                .build();
    }

    private <B extends S3BaseClientBuilder<B, C>, C> B told(B builder) {
        builder.region(Region.of(location.region()))
                .credentialsProvider(DefaultCredentialsProvider.builder().build())
                .forcePathStyle(location.endpoint().isPresent())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(
                        S3Configuration.builder().expectContinueEnabled(false).build())
                .overrideConfiguration(all -> all.apiCallTimeout(CALL)
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(TRIES)
                                .build()));
        location.endpoint().ifPresent(builder::endpointOverride);
        return builder;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "mirror-objects");
        thread.setDaemon(true);
        return thread;
    }

    S3Client calls() {
        return calls;
    }

    S3AsyncClient streams() {
        return streams;
    }

    void close() {
        calls.close();
        streams.close();
        loops.eventLoopGroup()
                .shutdownGracefully(0, SILENCE.toSeconds(), TimeUnit.SECONDS)
                .awaitUninterruptibly();
    }
}
