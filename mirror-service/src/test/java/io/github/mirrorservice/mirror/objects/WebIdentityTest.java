package io.github.mirrorservice.mirror.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;

/** A pod in Amazon's Kubernetes proves who it is by a token in a file, which a service exchanges for credentials. */
final class WebIdentityTest {

    private static final String ENDPOINT = "aws.endpointUrlSts";
    private static final String REGION = "aws.region";
    private static final String ANSWER = """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <AssumeRoleWithWebIdentityResult><Credentials>
                <AccessKeyId>key</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
                <SessionToken>session</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>
              </Credentials></AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>""";

    private final CompletableFuture<String> asked = new CompletableFuture<>();

    @TempDir
    Path directory;

    private HttpServer service;

    @BeforeEach
    void open() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            asked.complete(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            byte[] answer = ANSWER.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        service.start();
        System.setProperty(ENDPOINT, "http://127.0.0.1:" + service.getAddress().getPort());
        System.setProperty(REGION, "eu-central-1");
    }

    @AfterEach
    void close() {
        service.stop(0);
        System.clearProperty(ENDPOINT);
        System.clearProperty(REGION);
    }

    @Test
    void a_token_is_exchanged_for_credentials() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "proof");
        try (WebIdentityTokenFileCredentialsProvider provider = WebIdentityTokenFileCredentialsProvider.builder()
                .webIdentityTokenFile(token)
                .roleArn("arn:aws:iam::123456789012:role/mirror")
                .roleSessionName("replica")
                .build()) {
            AwsCredentials credentials = provider.resolveCredentials();
            assertThat(credentials.accessKeyId()).isEqualTo("key");
            assertThat(credentials.secretAccessKey()).isEqualTo("secret");
        }
        assertThat(asked).isCompletedWithValueMatching(form -> form.contains("WebIdentityToken=proof"));
    }
}
