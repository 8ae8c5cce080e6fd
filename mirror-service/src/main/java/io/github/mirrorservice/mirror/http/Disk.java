package io.github.mirrorservice.mirror.http;

/**
 * The disk that the data directory is on.
 *
 * @param free how many bytes can be written to it still
 * @param total how many it has
 */
public record Disk(long free, long total) {

    private static final int SHARE = 10;
    private static final long ROOM_ENOUGH = 20_000_000_000L;

    /** Whether a tenth is left, and not much: as the alert MirrorDiskNearlyFull has it. */
    boolean isNearlyFull() {
        return free < total / SHARE && free < ROOM_ENOUGH;
    }
}
