package io.github.mirrorservice.mirror;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which build this is. */
final class Version implements IVersionProvider {

    private final Properties build = new Properties();

    Version() {
        try (InputStream file = Version.class.getResourceAsStream("build.properties")) {
            build.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String version() {
        return build.getProperty("version", "unknown");
    }

    String commit() {
        return build.getProperty("commit", "unknown");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"mirror-service " + version() + " (" + commit() + ")"};
    }
}
