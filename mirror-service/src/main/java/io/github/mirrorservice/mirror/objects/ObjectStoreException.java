package io.github.mirrorservice.mirror.objects;

import java.io.IOException;

/** An object store does not answer, or not as it should. The message says what happened and names the remedy. */
public final class ObjectStoreException extends IOException {

    private static final long serialVersionUID = 1L;

    /** With what the store said. */
    public ObjectStoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /** For what it does that is no failure by itself. */
    public ObjectStoreException(String message) {
        super(message);
    }
}
