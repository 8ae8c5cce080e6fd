package io.github.mirrorservice.mirror.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;

/** The process around the mirror: the build that runs, the JVM, its memory and collector, its files and threads. */
public final class ProcessMeters implements AutoCloseable {

    private final JvmGcMetrics collector = new JvmGcMetrics();

    /**
     * Registers in {@code registry}.
     *
     * @param version the version that runs
     * @param commit the commit it was built from, or {@code unknown}
     */
    public ProcessMeters(MeterRegistry registry, String version, String commit) {
        Meters.BUILD.gauge(registry, () -> 1, version, commit, System.getProperty("java.version", "unknown"));
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collector.bindTo(registry);
    }

    /** Stops listening to the collector. */
    @Override
    public void close() {
        collector.close();
    }
}
