package io.github.mirrorservice.mirror.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** A copy of an archive that is being made. Whatever fails at it, the bytes themselves can still be read to their end. */
final class LocalCopy implements AutoCloseable {

    private final Archive archive;
    private final Deposit place;
    private final Runnable release;
    private boolean tooLong;
    private boolean failed;

    /**
     * Nothing is copied yet.
     *
     * @param archive what it is to be
     * @param place where it comes to
     * @param release gives back the room that was set aside
     */
    LocalCopy(Archive archive, Deposit place, Runnable release) {
        this.archive = archive;
        this.place = place;
        this.release = release;
    }

    /** That there will be no copy, for a reason that has nothing to do with the archive. */
    static final class Failed extends IOException {

        private static final long serialVersionUID = 1L;

        Failed(Throwable cause) {
            super(cause);
        }
    }

    /** Adds bytes at the end, as many as the archive has: room was set aside for no more. */
    void write(ByteBuffer bytes) throws Failed {
        tooLong |= place.length() + bytes.remaining() > archive.length();
        try {
            if (!tooLong) {
                place.append(bytes);
            }
        } catch (IOException full) {
            failed = true;
            throw new Failed(full);
        }
    }

    /** Adds bytes at the end, unless that has failed before. */
    void tryWrite(ByteBuffer bytes) {
        try {
            if (!failed) {
                write(bytes);
            }
        } catch (Failed known) {
            // There will be no copy.
        }
    }

    /**
     * Keeps what was copied, if it can and that is the archive.
     *
     * @return false if what was to be copied is not the archive
     */
    boolean keep() {
        boolean right = !tooLong && (failed || place.digests().sha256().equals(archive.sha256()));
        if (right && !failed) {
            try {
                place.keep();
            } catch (IOException | UncheckedIOException full) {
                failed = true;
            }
        }
        return right;
    }

    @Override
    public void close() {
        release.run();
        try {
            place.close();
        } catch (IOException stays) {
            // It is gone with the next start.
        }
    }
}
