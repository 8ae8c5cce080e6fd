package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.http.ServerSettings;
import io.github.mirrorservice.mirror.http.Tls;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** The public listener and the one for operators, as they were told to be. */
final class Listeners {

    private static final Duration LOOK_AT_FILES = Duration.ofSeconds(5);

    private final ListenSettings settings;
    private final Optional<Tls> tls;

    /** Reads the certificate, if there is one; fails with {@link StartException} if it cannot be used. */
    Listeners(ListenSettings settings) {
        this.settings = settings;
        this.tls = settings.tls().map(files -> read(files, settings.http2()));
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

    /** Uses the certificate's files anew whenever they change, and emits what became of it; never ends if there are any. */
    Flux<Tls.Change> changes(Scheduler reading) {
        return tls.map(files -> files.changes(LOOK_AT_FILES, reading)).orElseGet(Flux::empty);
    }

    private static Tls read(ListenSettings.Tls files, boolean http2) {
        try {
            return Tls.of(files.certificate(), files.key(), http2);
        } catch (IOException unusable) {
            throw new StartException("--tls-certificate, --tls-key: %s; name a certificate and its key that can be read"
                    .formatted(unusable.getMessage()));
        }
    }
}
