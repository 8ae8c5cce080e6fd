package io.github.mirrorservice.mirror.git;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The lane on which the mirrors of a test do their blocking work. */
final class BlockingLane implements AfterEachCallback {

    private final Scheduler scheduler = Schedulers.newBoundedElastic(4, 1000, "git");

    Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        scheduler.dispose();
    }
}
