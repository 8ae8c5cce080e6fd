package io.github.mirrorservice.mirror.objects;

import java.io.IOException;
import java.util.concurrent.Callable;

/** An object store does not answer, or not as it should. The message says what happened and names the remedy. */
public final class ObjectStoreException extends IOException {

    private static final long serialVersionUID = 1L;

    /** With what the store said. */
    public ObjectStoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * The same call, in which memory that runs out is a failure like any other: Reactor would not pass on an
     * {@link OutOfMemoryError}, and whoever waits for the call would wait for ever.
     */
    public static <T> Callable<T> survived(Callable<T> call) {
        return () -> {
            try {
                return call.call();
            } catch (VirtualMachineError failed) {
                throw new ObjectStoreException("this machine could not do it (" + failed + ")", failed);
            }
        };
    }

    /** For what it does that is no failure by itself. */
    public ObjectStoreException(String message) {
        super(message);
    }
}
