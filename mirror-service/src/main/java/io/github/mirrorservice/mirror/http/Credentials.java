package io.github.mirrorservice.mirror.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate and the key that proves it.
 *
 * @param chain the certificate, then those that vouch for it
 * @param key its private key
 */
record Credentials(List<X509Certificate> chain, PrivateKey key) {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /** Reads files of PEM; fails if they are not what they should be, or do not belong together. */
    static Credentials read(Path certificate, Path key) throws IOException {
        try {
            List<X509Certificate> chain = chain(certificate);
            PrivateKey secret = key(key, chain.get(0).getPublicKey().getAlgorithm());
            requirePair(chain.get(0).getPublicKey(), secret);
            return new Credentials(chain, secret);
        } catch (GeneralSecurityException unusable) {
            throw new IOException(
                    "%s and %s are no certificate with its key, PKCS#8 without a password, in PEM (%s)"
                            .formatted(certificate, key, unusable.getMessage()),
                    unusable);
        }
    }

    X509Certificate[] certificates() {
        return chain.toArray(X509Certificate[]::new);
    }

    private static List<X509Certificate> chain(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (chain.isEmpty()) {
                throw new GeneralSecurityException("the first has no certificate");
            }
            return chain;
        }
    }

    private static PrivateKey key(Path file, String algorithm) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new GeneralSecurityException("the second has no private key");
        }
        byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    /** What the key signs, the certificate confirms: a server would find out otherwise at each handshake only. */
    private static void requirePair(PublicKey shown, PrivateKey secret) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(
                switch (shown.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> shown.getAlgorithm();
                });
        signature.initSign(secret);
        byte[] proof = signature.sign();
        signature.initVerify(shown);
        if (!signature.verify(proof)) {
            throw new GeneralSecurityException("the key is that of another certificate");
        }
    }
}
