package io.github.mirrorservice.mirror;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about listeners, as they are typed. */
final class ListenOptions {

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "0.0.0.0",
            description = "The address of both listeners. Default: ${DEFAULT-VALUE}")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The public listener; 0 picks a free port. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            description = "The listener for probes, metrics and administration. Default: ${DEFAULT-VALUE}")
    private int managementPort;

    @Option(
            names = "--http2",
            paramLabel = "on|off",
            defaultValue = "on",
            description =
                    "Whether the public listener speaks HTTP/2 with clients that ask for it. Default: ${DEFAULT-VALUE}")
    private ListenSettings.Switch http2 = ListenSettings.Switch.ON;

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            description = {
                "The public listener speaks TLS with this certificate and those that vouch for it, PEM.",
                "Read again when the file changes."
            })
    private @Nullable Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description =
                    "The certificate's private key, PEM, PKCS#8, without a password. Read again when the file changes.")
    private @Nullable Path key;

    @Option(
            names = "--webhook-secret-file",
            paramLabel = "FILE",
            description = {
                "A forge that signs with the secret in this file may start an ingest: POST /update at the public listener.",
                "Read again when the file changes."
            })
    private @Nullable Path webhookSecret;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "10000",
            description =
                    "How many connections the public listener holds at once, streams of HTTP/2 counted too. Default: ${DEFAULT-VALUE}")
    private int mostConnections;

    @Option(
            names = "--max-connections-per-address",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "How many of them may come from one address, which may be a proxy's. Default: ${DEFAULT-VALUE}")
    private int mostConnectionsPerAddress;

    /** Fails with {@link IllegalArgumentException} for a value that cannot be used. */
    ListenSettings settings() {
        return new ListenSettings(
                host,
                port,
                managementPort,
                http2 == ListenSettings.Switch.ON,
                tls(),
                Optional.ofNullable(webhookSecret),
                mostConnections,
                mostConnectionsPerAddress);
    }

    private Optional<ListenSettings.Tls> tls() {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("--tls-certificate and --tls-key go together: name both, or neither");
        }
        return certificate == null || key == null
                ? Optional.empty()
                : Optional.of(new ListenSettings.Tls(certificate, key));
    }
}
