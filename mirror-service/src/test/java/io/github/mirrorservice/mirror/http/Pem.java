package io.github.mirrorservice.mirror.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Objects;

/** A certificate that nobody vouches for and its key, made by the JDK's keytool, as files of PEM. */
record Pem(Path certificate, Path key) {

    private static final String PASSWORD = "changeit";

    /** In these two files of the directory, whatever was there before. */
    static Pem make(Path directory, String name) throws IOException, GeneralSecurityException, InterruptedException {
        Path file = directory.resolve("keys.p12");
        Files.deleteIfExists(file);
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process run = new ProcessBuilder(
                        (keytool + " -genkeypair -alias host -keyalg EC -validity 2 -storetype PKCS12 -dname CN=" + name
                                        + " -ext san=dns:" + name + " -storepass " + PASSWORD + " -keystore " + file)
                                .split(" "))
                .redirectErrorStream(true)
                .start();
        run.getInputStream().readAllBytes();
        assertThat(run.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Pem made = new Pem(directory.resolve("tls.crt"), directory.resolve("tls.key"));
        write(made.certificate, "CERTIFICATE", keys.getCertificate("host").getEncoded());
        write(
                made.key,
                "PRIVATE KEY",
                Objects.requireNonNull(keys.getKey("host", PASSWORD.toCharArray()))
                        .getEncoded());
        return made;
    }

    private static void write(Path file, String what, byte[] der) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what
                        + "-----\n");
    }
}
