package io.github.mirrorservice.mirror;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/**
 * The management listener of the mirror on this machine, as verbs that end ask it.
 *
 * @param authority where it listens
 */
record Management(String authority) {

    private static final int CONNECT_MILLIS = 3_000;
    private static final int LONGEST = 64 * 1024;

    static Management of(ListenSettings listen) {
        return new Management(listen.authority(listen.managementPort()));
    }

    /** What it answers; fails with {@link StartException} if it does not in time. */
    Reply ask(String method, String path, Duration deadline) {
        String url = "http://" + authority + path;
        try {
            HttpURLConnection asked =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            asked.setRequestMethod(method);
            asked.setConnectTimeout(CONNECT_MILLIS);
            asked.setReadTimeout((int) deadline.toMillis());
            boolean good = asked.getResponseCode() < HttpURLConnection.HTTP_BAD_REQUEST;
            try (InputStream body = Objects.requireNonNull(good ? asked.getInputStream() : asked.getErrorStream())) {
                return new Reply(
                        asked.getResponseCode(), new String(body.readNBytes(LONGEST), StandardCharsets.UTF_8).strip());
            }
        } catch (IOException unreachable) {
            throw new StartException(
                    "%s does not answer (%s): does a mirror run here, with this --management-port and --host?"
                            .formatted(url, unreachable.getMessage()));
        }
    }

    /** What was answered. */
    record Reply(int status, String text) {}
}
