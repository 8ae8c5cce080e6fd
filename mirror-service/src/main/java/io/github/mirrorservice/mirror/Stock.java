package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.archive.ArchiveStore.Holdings;

/** How much is held and in quarantine: counted now and then, and what is seen to come and go in between. */
final class Stock {

    private Holdings held = Holdings.NONE;
    private Holdings quarantined = Holdings.NONE;

    synchronized Holdings held() {
        return held;
    }

    synchronized Holdings quarantined() {
        return quarantined;
    }

    synchronized void countHeld(Holdings counted) {
        held = counted;
    }

    synchronized void countQuarantined(Holdings counted) {
        quarantined = counted;
    }

    synchronized void came(long length) {
        held = held.plus(length);
    }

    synchronized void rotted(long length) {
        held = held.minus(length);
        quarantined = quarantined.plus(length);
    }
}
