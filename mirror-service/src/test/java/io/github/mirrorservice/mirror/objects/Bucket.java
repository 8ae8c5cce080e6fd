package io.github.mirrorservice.mirror.objects;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/** A bucket in a store that speaks S3, in this process, with its objects in a directory. */
public final class Bucket {

    private static final String NAME = "archives";

    private final Path directory;
    private S3Proxy server;
    private final int port;

    private Bucket(Path directory, S3Proxy server) {
        this.directory = directory;
        this.server = server;
        this.port = server.getPort();
    }

    /** An empty one in an existing directory. */
    public static Bucket in(Path directory) throws Exception {
        Files.createDirectories(directory.resolve(NAME));
        System.setProperty("aws.accessKeyId", "tests");
        System.setProperty("aws.secretAccessKey", "of no value");
        return new Bucket(directory, serve(directory, 0));
    }

    private static S3Proxy serve(Path directory, int port) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("s3proxy.filesystem.basedir", directory.toString());
        properties.setProperty("jclouds.filesystem.basedir", directory.toString());
        S3Proxy server = S3Proxy.builder()
                .blobStore(BlobStores.create("filesystem-nio2", properties))
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .stopTimeout(0)
                .awsAuthentication(AuthenticationType.NONE, "", "")
                .build();
        server.start();
        return server;
    }

    /** Where it is, for keys that begin with {@code prefix}. */
    public S3Location location(String prefix) {
        return S3Location.parse("s3://" + NAME + "/" + prefix, Optional.of("http://127.0.0.1:" + port), "us-east-1");
    }

    /** An object was written so much longer ago, by the clock of the store. */
    public void age(String key, Duration by) throws IOException {
        Path file = directory.resolve(NAME).resolve(key);
        FileTime written = Files.getLastModifiedTime(file);
        Files.setLastModifiedTime(file, FileTime.from(written.toInstant().minus(by)));
    }

    /** The objects in it whose keys begin with {@code prefix}; to be closed. */
    public S3Objects objects(String prefix) {
        return new S3Objects(location(prefix), (operation, result, taken) -> {});
    }

    /** It answers nobody from now on. */
    public void stop() throws Exception {
        server.stop();
    }

    /** It answers again, and has what it had. */
    public void start() throws Exception {
        server = serve(directory, port);
    }
}
