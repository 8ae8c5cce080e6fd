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
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * Amazon's clients as they are used here: short timeouts, threads of their own, and one retry, since a connection that is kept open
 * may be closed by the store at the very moment of the next call. Calls that are soon done have connections for themselves, so that they need not wait behind archives.
 */
final class S3Clients {

    /** In which a call that carries few bytes is over. */
    static final Duration CALL = Duration.ofSeconds(3);

    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final int TRIES = 2;
    private static final int THREADS = 2;
    private static final int MOST_CALLS = 64;
    private static final int MOST_STREAMS = 512;

    private final SdkEventLoopGroup loops = SdkEventLoopGroup.builder()
            .numberOfThreads(THREADS)
            .threadFactory(S3Clients::thread)
            .build();
    private final S3AsyncClient calls;
    private final S3AsyncClient streams;

    S3Clients(S3Location location) {
        this.calls = client(location, MOST_CALLS);
        this.streams = client(location, MOST_STREAMS);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "mirror-objects");
        thread.setDaemon(true);
        return thread;
    }

    S3AsyncClient calls() {
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

    private S3AsyncClient client(S3Location location, int connections) {
        NettyNioAsyncHttpClient.Builder http = NettyNioAsyncHttpClient.builder()
                .maxConcurrency(connections)
                .maxPendingConnectionAcquires(connections)
                .connectionTimeout(CONNECT)
                .connectionAcquisitionTimeout(CALL)
                .readTimeout(SILENCE)
                .writeTimeout(SILENCE)
                .eventLoopGroup(loops);
        var client = S3AsyncClient.builder()
                .region(Region.of(location.region()))
                .credentialsProvider(DefaultCredentialsProvider.builder().build())
                .forcePathStyle(location.endpoint().isPresent())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(all -> all.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(TRIES)
                        .build()))
                .asyncConfiguration(async ->
                        async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
                .httpClientBuilder(http);
        location.endpoint().ifPresent(client::endpointOverride);
        return client.build();
    }
}
