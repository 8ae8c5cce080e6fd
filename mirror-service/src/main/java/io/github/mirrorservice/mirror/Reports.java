package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.http.Renewed;
import io.github.mirrorservice.mirror.opam.OpamException;
import io.github.mirrorservice.mirror.opam.Outcome;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.io.PrintStream;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the operator reads: one line for each ingest that did something, and for each step of the lifecycle. */
final class Reports {

    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private final PrintStream out;

    /** The address goes to {@code out}, everything else to the log. */
    Reports(PrintStream out) {
        this.out = out;
    }

    void ready(ListenSettings listen, int port, int managementPort) {
        String url = (listen.tls().isPresent() ? "https://" : "http://") + listen.authority(port);
        LOG.info(
                "serving {} (management http://{}); point opam at it: opam repository set-url default {}",
                url,
                listen.authority(managementPort),
                url);
        out.println(url);
        out.flush();
    }

    void renewed(Renewed.Change change) {
        if (change instanceof Renewed.Change.Unusable unusable) {
            LOG.warn("{} has changed, and the old one stays in use: {}", change.name(), unusable.why());
        } else {
            LOG.info("{} has changed, and the new one is in use", change.name());
        }
    }

    void reloaded(List<String> changes) {
        LOG.info(
                "configuration read again: {}", changes.isEmpty() ? "nothing has changed" : String.join(", ", changes));
    }

    void needRestart(List<String> obstacles) {
        LOG.warn(
                "configuration read again and left as it was, since this takes a restart: {}",
                String.join(", ", obstacles));
    }

    void notReloaded(Throwable unusable) {
        LOG.warn("configuration read again and left as it was: {}", unusable.getMessage());
    }

    void damaged(OpamException.Disk damaged) {
        LOG.warn("{}", damaged.getMessage());
    }

    void shared(OpamException failure) {
        LOG.warn("{}", failure.getMessage());
    }

    void demo(Throwable cause) {
        LOG.warn("the demo is tried again: {}", cause.getMessage());
    }

    /** What runs in the background should not end; if it does, the mirror serves on but learns nothing new. */
    void broken(Throwable cause) {
        LOG.error("nothing new is learned until a restart: {}", cause.getMessage(), cause);
    }

    void ended(Outcome outcome) {
        if (outcome instanceof Outcome.Changed changed) {
            published(changed.snapshot());
        } else if (outcome instanceof Outcome.Held held) {
            LOG.warn("publication held ({}): {}", held.reason(), held.message());
        } else if (outcome instanceof Outcome.Failed failed) {
            LOG.warn("ingest failed ({}): {}", failed.reason(), failed.message());
        }
    }

    void died() {
        LOG.error(
                "a thread that serves clients has died, out of memory perhaps: this process ends, and has to be started anew."
                        + " Remedy: a larger heap");
    }

    void draining() {
        LOG.info("shutting down: answers under way are served to their end");
    }

    private static void published(Snapshot snapshot) {
        LOG.info(
                "published commit {}: {} packages, {} versions ({} with flaws), index of {} bytes",
                snapshot.commit().id(),
                snapshot.counts().packages(),
                snapshot.counts().opamFiles(),
                snapshot.counts().flawed(),
                snapshot.index().length());
    }
}
