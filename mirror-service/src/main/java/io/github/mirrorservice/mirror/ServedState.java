package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.Invariant.Broken;
import io.github.mirrorservice.mirror.archive.Digest;
import io.github.mirrorservice.mirror.archive.Digests;
import io.github.mirrorservice.mirror.opam.Body;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a running mirror serves, read as a client does and compared with its data directory. */
final class ServedState {

    private static final int TIMEOUT_MILLIS = 60_000;
    private static final int PIECE = 64 * 1024;

    /** A publication may come in between; two of them in a row hardly do. */
    private static final int TRIES = 10;

    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final Pattern PUBLISHED = Pattern.compile("\"published_time\": ?\"([^\"]+)\"");
    private static final HexFormat HEX = HexFormat.of();

    private final URI base;
    private final List<Broken> broken = new ArrayList<>();

    private ServedState(URI base) {
        this.base = base;
    }

    /**
     * Reads the snapshot and every archive; fails with {@link StartException} if the mirror does not answer.
     *
     * @param base where it serves, such as {@code http://127.0.0.1:8080}
     * @param offline reads the snapshot that is saved meanwhile
     * @param stored what was found in the directory
     */
    static List<Broken> compare(URI base, Offline offline, StoredState stored) throws InterruptedException {
        ServedState served = new ServedState(base);
        try {
            Optional<Instant> first = served.published();
            served.snapshot(offline);
            served.archives(stored);
            served.forward(first, served.published());
            return served.broken;
        } catch (IOException unreachable) {
            throw new StartException(
                    "%s does not answer (%s): does the mirror serve there?".formatted(base, unreachable.getMessage()));
        }
    }

    /** When what is served was published: that time does not go back, whatever the commits of a repository do. */
    private Optional<Instant> published() throws IOException {
        HttpURLConnection asked = open("/snapshot.json");
        if (asked.getResponseCode() != HttpURLConnection.HTTP_OK) {
            return Optional.empty();
        }
        try (InputStream body = asked.getInputStream()) {
            return PUBLISHED
                    .matcher(new String(body.readNBytes(PIECE), StandardCharsets.UTF_8))
                    .results()
                    .map(time -> Instant.parse(time.group(1)))
                    .findFirst();
        }
    }

    private void forward(Optional<Instant> first, Optional<Instant> last) {
        boolean back = last.isEmpty()
                ? first.isPresent()
                : first.filter(last.get()::isBefore).isPresent();
        require(
                !back,
                Invariant.I4.broken("what is served was published %s, after something that was published %s"
                        .formatted(at(last), at(first))));
    }

    private static String at(Optional<Instant> time) {
        return time.map(known -> "at " + known).orElse("never");
    }

    private void snapshot(Offline offline) throws IOException, InterruptedException {
        Reply repo = get("/repo");
        Reply index = get("/index.tar.gz");
        Optional<Snapshot> saved = offline.snapshot();
        for (int tries = 1; tries < TRIES && !isOne(repo, index, saved); tries++) {
            Thread.sleep(PAUSE.toMillis());
            repo = get("/repo");
            index = get("/index.tar.gz");
            saved = offline.snapshot();
        }
        if (saved.isEmpty() && Stream.of(repo, index).allMatch(Reply::isNothingYet)) {
            return;
        }
        require(
                repo.commit.equals(index.commit),
                Invariant.I2.broken(
                        "/repo is of commit %s, /index.tar.gz of commit %s".formatted(repo.commit, index.commit)));
        compare("/repo", repo, saved.map(Snapshot::repo));
        compare("/index.tar.gz", index, saved.map(Snapshot::index));
    }

    private static boolean isOne(Reply repo, Reply index, Optional<Snapshot> saved) {
        return repo.commit.equals(index.commit)
                && saved.filter(one -> one.revision().equals(repo.commit)).isPresent();
    }

    private void compare(String path, Reply reply, Optional<Body> saved) {
        require(reply.status == HttpURLConnection.HTTP_OK, Invariant.I7.broken(path + " answers " + reply.status));
        require(
                reply.etag.equals('"' + reply.sha256 + '"'),
                Invariant.I2.broken(path + " has the ETag " + reply.etag + ", its bytes hash to " + reply.sha256));
        require(
                saved.filter(body -> body.sha256().equals(reply.sha256)).isPresent(),
                Invariant.I5.broken(path + " is served as " + reply.sha256 + ", on the disk is "
                        + saved.map(Body::sha256).orElse("none")));
    }

    private void archives(StoredState stored) throws IOException, InterruptedException {
        for (Digests digests : stored.archives().values()) {
            require(
                    isServed("/cache/" + digests.sha256().path()),
                    Invariant.I5.broken(digests.sha256() + " is held, and is not served"));
            for (Digest digest : digests.all()) {
                String path = "/cache/" + digest.path();
                Reply reply = get(path);
                boolean right = reply.status == HttpURLConnection.HTTP_OK
                        && reply.sha256.equals(digests.sha256().hex());
                // Without its link, which a power cut may take, it is fetched and linked anew.
                require(
                        right || reply.status == HttpURLConnection.HTTP_NOT_FOUND,
                        Invariant.I1.broken(path + " answers " + reply.status + " and bytes that hash to "
                                + reply.sha256 + " instead of " + digests.sha256()));
            }
        }
    }

    /** Whether it is, now or in a moment: it is turned away where too much is asked. */
    private boolean isServed(String path) throws IOException, InterruptedException {
        for (int tries = 1; tries < TRIES && get(path).status != HttpURLConnection.HTTP_OK; tries++) {
            Thread.sleep(PAUSE.toMillis());
        }
        return get(path).status == HttpURLConnection.HTTP_OK;
    }

    private void require(boolean right, Broken otherwise) {
        if (!right) {
            broken.add(otherwise);
        }
    }

    private Reply get(String path) throws IOException {
        HttpURLConnection asked = open(path);
        int status = asked.getResponseCode();
        return new Reply(
                status,
                header(asked, "X-Mirror-Commit"),
                header(asked, "ETag"),
                status == HttpURLConnection.HTTP_OK ? sha256(asked) : "");
    }

    private HttpURLConnection open(String path) throws IOException {
        HttpURLConnection asked = (HttpURLConnection)
                URI.create(base.toString().replaceAll("/+$", "") + path).toURL().openConnection();
        asked.setConnectTimeout(TIMEOUT_MILLIS);
        asked.setReadTimeout(TIMEOUT_MILLIS);
        asked.setInstanceFollowRedirects(false);
        return asked;
    }

    private static String header(HttpURLConnection asked, String name) {
        return Optional.ofNullable(asked.getHeaderField(name)).orElse("");
    }

    private static String sha256(HttpURLConnection asked) throws IOException {
        try (InputStream body = asked.getInputStream()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] piece = new byte[PIECE];
            for (int length = body.read(piece); length >= 0; length = body.read(piece)) {
                digest.update(piece, 0, length);
            }
            return HEX.formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private record Reply(int status, String commit, String etag, String sha256) {

        /** Before its first snapshot a mirror says so. */
        boolean isNothingYet() {
            return status == HttpURLConnection.HTTP_UNAVAILABLE;
        }
    }
}
