package io.github.mirrorservice.mirror;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a mirror is told about its listeners.
 *
 * @param host the address of both
 * @param port the public one; 0 picks one
 * @param managementPort the one for probes, metrics and administration; 0 picks one
 * @param http2 whether the public one speaks HTTP/2
 * @param tls the files with which the public one speaks TLS, if it does
 * @param webhookSecret the file with the secret of webhooks, if they are taken
 * @param connections how many connections the public one holds at once
 * @param connectionsPerAddress how many of them may come from one address
 */
record ListenSettings(
        String host,
        int port,
        int managementPort,
        boolean http2,
        Optional<Tls> tls,
        Optional<Path> webhookSecret,
        int connections,
        int connectionsPerAddress) {

    private static final int HIGHEST_PORT = 65_535;

    ListenSettings {
        requirePort("--port", port);
        requirePort("--management-port", managementPort);
        requireRoom("--max-connections", connections);
        requireRoom("--max-connections-per-address", connectionsPerAddress);
    }

    /** Where programs on this machine find the listener with this port. */
    String authority(int port) {
        String reached = host.equals("0.0.0.0") ? "127.0.0.1" : host;
        return (reached.contains(":") ? "[" + reached + "]" : reached) + ":" + port;
    }

    private static void requirePort(String option, int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException(option + " is a number from 0 to " + HIGHEST_PORT + ", not " + port);
        }
    }

    private static void requireRoom(String option, int connections) {
        if (connections < 1) {
            throw new IllegalArgumentException(option + " is a number from 1 on, not " + connections);
        }
    }

    /**
     * Files of a listener that speaks TLS.
     *
     * @param certificate its certificate chain
     * @param key the private key
     */
    record Tls(Path certificate, Path key) {}

    /** Whether something is done. */
    enum Switch {
        /** It is. */
        ON,
        /** It is not. */
        OFF
    }
}
