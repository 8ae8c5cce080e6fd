package io.github.mirrorservice.mirror.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a forge and this mirror know, and nobody else: who can sign with it may start an ingest. */
public final class WebhookSecret {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST = 16;
    private static final int LONGEST = 4_096;

    private final byte[] secret;
    private final Mac prototype;

    private WebhookSecret(byte[] secret) {
        this.secret = secret;
        this.prototype = prototype(secret);
    }

    /**
     * The text in a file without white space around it, read again when the file changes.
     *
     * @throws IOException if the file cannot be read, or holds too little to be a secret, or too much
     */
    public static Renewed<WebhookSecret> in(Path file) throws IOException {
        return Renewed.of("the secret of webhooks", List.of(file), () -> read(file));
    }

    private static WebhookSecret read(Path file) throws IOException {
        if (Files.size(file) > LONGEST) {
            throw new IOException(file + " is no secret, since it has more than " + LONGEST + " bytes");
        }
        return of(Files.readString(file, StandardCharsets.UTF_8).strip());
    }

    static WebhookSecret of(String secret) throws IOException {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < SHORTEST) {
            throw new IOException("a secret has " + SHORTEST
                    + " bytes or more, such as those that `openssl rand -hex 32` gives; this one has " + bytes.length);
        }
        return new WebhookSecret(bytes);
    }

    private static Mac prototype(byte[] secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
        }
    }

    /** What makes the HMAC of one body. It is a copy, since to look one up takes a JVM that has just started some time. */
    Mac mac() {
        try {
            return (Mac) prototype.clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("the JDK's " + ALGORITHM + " can be copied", impossible);
        }
    }

    /** Whether this is the secret itself. How long it takes tells nothing of it. */
    boolean is(String token) {
        return MessageDigest.isEqual(secret, token.getBytes(StandardCharsets.UTF_8));
    }
}
