package io.github.mirrorservice.mirror.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * {@code POST /update}: a forge says that something was pushed, and proves that it is the forge. What it says is not looked
 * at: an ingest finds out by itself what is new, and however many calls come while one runs, one more follows.
 *
 * <p>Understood are HMACs with SHA-256 of the body, as
 * <a href="https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries">GitHub</a>,
 * <a href="https://docs.gitea.com/usage/webhooks">Gitea</a>, Forgejo, Gogs and
 * <a href="https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/">Bitbucket</a> send them, and the secret
 * itself, as <a href="https://docs.gitlab.com/user/project/integrations/webhooks/">GitLab</a> sends it.
 */
final class Webhook {

    static final String PATH = "/update";

    /** GitHub sends no larger ones. */
    static final long LARGEST = 25L * 1024 * 1024;

    /** Bodies that are read at once: whoever has no secret can take a place for as long as {@link #LONGEST}. */
    static final int MOST = 8;

    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** The names of headers with an HMAC behind {@code sha256=}, and of those with nothing but an HMAC. */
    private static final List<String> PREFIXED = List.of("X-Hub-Signature-256", "X-Hub-Signature");

    private static final List<String> PLAIN = List.of("X-Gitea-Signature", "X-Forgejo-Signature", "X-Gogs-Signature");
    private static final String PREFIX = "sha256=";

    private static final Answer STARTED = Answer.json(
            HttpResponseStatus.ACCEPTED, new Json().put("outcome", "started").end());
    private static final Answer PONG =
            Answer.json(HttpResponseStatus.OK, new Json().put("outcome", "pong").end());
    private static final Answer UNSIGNED =
            Answer.text(HttpResponseStatus.FORBIDDEN, "this is not signed with the secret of --webhook-secret-file");
    private static final Answer TOO_LARGE =
            Answer.text(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "no forge sends more than " + LARGEST + " bytes");
    private static final Answer TOO_SLOW = Answer.text(
            HttpResponseStatus.REQUEST_TIMEOUT, "the body did not come within " + LONGEST.toSeconds() + " s");
    private static final Answer TOO_MANY = Answer.text(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "too many calls at once; the next look at the remote comes soon")
            .with(HeaderNames.RETRY_AFTER, Shelf.RETRY_SECONDS);
    private static final Answer UNEXPECTED =
            Answer.text(HttpResponseStatus.EXPECTATION_FAILED, "send the body without waiting for 100");

    private final Supplier<WebhookSecret> secret;
    private final Runnable start;
    private final AtomicInteger reading = new AtomicInteger();

    /**
     * Is called by nobody yet.
     *
     * @param secret the secret that is valid at a time
     * @param start starts an ingest, or joins the one that is about to start, and returns at once
     */
    Webhook(Supplier<WebhookSecret> secret, Runnable start) {
        this.secret = secret;
        this.start = start;
    }

    Mono<Answer> answer(Request request) {
        if (request.headers().contains(HttpHeaderNames.EXPECT)) {
            return Mono.just(UNEXPECTED);
        }
        if (HttpUtil.getContentLength(request.head(), 0L) > LARGEST) {
            return Mono.just(TOO_LARGE);
        }
        return reading.get() >= MOST ? Mono.just(TOO_MANY) : read(request);
    }

    private Mono<Answer> read(Request request) {
        WebhookSecret valid = secret.get();
        return BodyDigest.of(request, valid.mac(), LARGEST)
                .map(digest -> isSigned(request.headers(), digest, valid) ? accepted(request) : UNSIGNED)
                .onErrorReturn(BodyDigest.TooLarge.class, TOO_LARGE)
                .timeout(LONGEST, Mono.just(TOO_SLOW))
                .doOnSubscribe(begun -> reading.incrementAndGet())
                .doFinally(end -> reading.decrementAndGet());
    }

    private Answer accepted(Request request) {
        if ("ping".equals(request.headers().get("X-GitHub-Event"))) {
            return PONG;
        }
        start.run();
        return STARTED;
    }

    static boolean isSigned(HttpHeaders headers, byte[] digest, WebhookSecret secret) {
        return signatures(headers).anyMatch(signature -> isHex(signature, digest))
                || headers.getAll("X-Gitlab-Token").stream().anyMatch(secret::is);
    }

    /** The older header of that name may hold a SHA-1, which nobody believes any more. */
    private static Stream<String> signatures(HttpHeaders headers) {
        return Stream.concat(
                PREFIXED.stream()
                        .flatMap(name -> headers.getAll(name).stream())
                        .filter(value -> value.startsWith(PREFIX))
                        .map(value -> value.substring(PREFIX.length())),
                PLAIN.stream().flatMap(name -> headers.getAll(name).stream()));
    }

    /** Takes as long for a signature that is nearly right as for any other. */
    private static boolean isHex(String signature, byte[] digest) {
        try {
            return MessageDigest.isEqual(HexFormat.of().parseHex(signature), digest);
        } catch (IllegalArgumentException noHex) {
            return false;
        }
    }
}
