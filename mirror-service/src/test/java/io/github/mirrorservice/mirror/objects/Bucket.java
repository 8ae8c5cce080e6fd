package io.github.mirrorservice.mirror.objects;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A bucket in a store that speaks S3, in this process: one for the tests of a class, as a static field with
 * {@code @RegisterExtension}. The store is started for each test, which has a prefix of its own in the bucket.
 */
public final class Bucket implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private static final String NAME = "archives";

    private final AtomicInteger tests = new AtomicInteger();
    private final List<S3Objects> opened = new ArrayList<>();
    private Path directory = Path.of("");
    private Optional<S3Proxy> server = Optional.empty();
    private int port;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        directory = Files.createTempDirectory("bucket");
        Files.createDirectories(directory.resolve(NAME));
        System.setProperty("aws.accessKeyId", "tests");
        System.setProperty("aws.secretAccessKey", "of no value");
    }

    /** On a port of its own: the JDK would go on with connections of the test before, and not all of them are good any more. */
    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        tests.incrementAndGet();
        port = 0;
        start();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        opened.forEach(S3Objects::close);
        opened.clear();
        stop();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private String prefix() {
        return "test/" + tests.get();
    }

    /** Where the objects of this test are. */
    public S3Location location() {
        return S3Location.parse("s3://" + NAME + "/" + prefix(), Optional.of("http://127.0.0.1:" + port), "us-east-1");
    }

    /** The objects of this test, for as long as it runs. */
    public S3Objects objects() {
        return objects((operation, result, taken) -> {});
    }

    /** The same, of which {@code watch} is told how they are called. */
    public S3Objects objects(ObjectWatch watch) {
        S3Objects objects = new S3Objects(location(), watch);
        opened.add(objects);
        return objects;
    }

    /** An object of this test was written so much longer ago, by the clock of the store. */
    public void age(String key, Duration by) throws IOException {
        Path file = directory.resolve(NAME).resolve(prefix()).resolve(key);
        FileTime written = Files.getLastModifiedTime(file);
        Files.setLastModifiedTime(file, FileTime.from(written.toInstant().minus(by)));
    }

    /** It answers nobody from now on. */
    public void stop() throws Exception {
        if (server.isPresent()) {
            server.get().stop();
        }
        server = Optional.empty();
    }

    /** It answers again, and has what it had. */
    public void start() throws Exception {
        Properties properties = new Properties();
        properties.setProperty("s3proxy.filesystem.basedir", directory.toString());
        properties.setProperty("jclouds.filesystem.basedir", directory.toString());
        S3Proxy started = S3Proxy.builder()
                .blobStore(BlobStores.create("filesystem-nio2", properties))
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .stopTimeout(0)
                .awsAuthentication(AuthenticationType.NONE, "", "")
                .build();
        started.start();
        port = started.getPort();
        server = Optional.of(started);
    }
}
