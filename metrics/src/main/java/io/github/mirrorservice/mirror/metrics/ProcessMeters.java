package io.github.mirrorservice.mirror.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.nio.file.Path;

/** The process around the mirror: the build that runs, the JVM, its memory and collector, files, threads, and its disk. */
public final class ProcessMeters implements AutoCloseable {

    private final JvmGcMetrics collector = new JvmGcMetrics();

    /**
     * Registers in {@code registry}.
     *
     * @param version the version that runs
     * @param commit the commit it was built from, or {@code unknown}
     * @param data a directory of the file system that fills up: free and total bytes are those a process may use there
     */
    public ProcessMeters(MeterRegistry registry, String version, String commit, Path data) {
        Meters.BUILD.gauge(registry, () -> 1, version, commit, System.getProperty("java.version", "unknown"));
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new DiskSpaceMetrics(data.toFile()).bindTo(registry);
        collector.bindTo(registry);
    }

    /** Stops listening to the collector. */
    @Override
    public void close() {
        collector.close();
    }
}
