package io.github.mirrorservice.mirror.archive;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How much of a place of limited size is taken: by archives that are there, and by those that are on their way there. */
final class Room {

    private final long size;
    private final Map<Digest, Long> held = new LinkedHashMap<>(16, 0.75f, true);
    private long heldBytes;
    private long reserved;

    /** All of it is free. */
    Room(long size) {
        this.size = size;
    }

    /** Whether so many bytes can be had, once enough of what is there has gone. */
    synchronized boolean fits(long length) {
        return reserved + length <= size;
    }

    /** Sets bytes aside for an archive on its way; false if not so many are free. */
    synchronized boolean reserve(long length) {
        boolean free = heldBytes + reserved + length <= size;
        if (free) {
            reserved += length;
        }
        return free;
    }

    /** What was set aside is not needed any more. */
    synchronized void release(long length) {
        reserved -= length;
    }

    /** An archive is there. */
    synchronized void add(Digest sha256, long length) {
        remove(sha256);
        held.put(sha256, length);
        heldBytes += length;
    }

    /** Somebody uses an archive, if it is there: it goes last now. */
    synchronized void use(Digest sha256) {
        held.get(sha256);
    }

    /** An archive is not there any more. */
    synchronized void remove(Digest sha256) {
        Long length = held.remove(sha256);
        heldBytes -= length == null ? 0 : length;
    }

    /** What nobody has used for the longest time. */
    synchronized Optional<Digest> eldest() {
        return held.keySet().stream().findFirst();
    }
}
