package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.http.Offer;
import io.github.mirrorservice.mirror.http.Renewed;
import io.github.mirrorservice.mirror.http.ServerSettings;
import io.github.mirrorservice.mirror.http.Tls;
import io.github.mirrorservice.mirror.http.WebhookSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** The public listener and the one for operators, as they were told to be. */
final class Listeners {

    private static final Duration LOOK_AT_FILES = Duration.ofSeconds(5);

    private final ListenSettings settings;
    private final Optional<Tls> tls;
    private final Optional<Renewed<WebhookSecret>> webhookSecret;

    /** Reads the certificate and the secret, if there are any; fails with {@link StartException} if they cannot be used. */
    Listeners(ListenSettings settings) {
        this.settings = settings;
        this.tls = settings.tls().map(files -> read(files, settings.http2()));
        this.webhookSecret = settings.webhookSecret().map(Listeners::read);
    }

    /** How a forge may start an ingest, if it may. */
    Optional<Offer.Hook> hook(Runnable startSync) {
        return webhookSecret.map(secret -> new Offer.Hook(secret::current, startSync));
    }

    /** The listener for clients. */
    ServerSettings clients() {
        return ServerSettings.of(settings.host(), settings.port())
                .holding(settings.connections(), settings.connectionsPerAddress())
                .speaking(settings.http2(), tls);
    }

    /** The listener for probes, metrics and administration: HTTP/1.1 without TLS, within bounds of its own. */
    ServerSettings operators() {
        return ServerSettings.of(settings.host(), settings.managementPort());
    }

    /** Uses what the certificate's files and the secret's hold anew whenever they change, and emits what became of it. */
    Flux<Renewed.Change> changes(Scheduler reading) {
        return Flux.merge(Stream.concat(tls.map(Tls::renewed).stream(), webhookSecret.stream())
                .map(files -> files.changes(LOOK_AT_FILES, reading))
                .toList());
    }

    private static Tls read(ListenSettings.Tls files, boolean http2) {
        try {
            return Tls.of(files.certificate(), files.key(), http2);
        } catch (IOException unusable) {
            throw new StartException("--tls-certificate, --tls-key: %s; name a certificate and its key that can be read"
                    .formatted(unusable.getMessage()));
        }
    }

    private static Renewed<WebhookSecret> read(Path file) {
        try {
            return WebhookSecret.in(file);
        } catch (IOException unusable) {
            throw new StartException(
                    "--webhook-secret-file %s cannot be used: %s".formatted(file, unusable.getMessage()));
        }
    }
}
