package io.github.mirrorservice.mirror.http;

/** A listener could not be opened. The message names the address and the remedy. */
public final class CannotListen extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotListen(ServerSettings settings, Throwable cause) {
        super(
                "cannot listen on " + settings.host() + ":" + settings.port() + ": " + reason(cause)
                        + ". Remedy: stop what listens there, or choose another host or port.",
                cause);
    }

    private static String reason(Throwable cause) {
        Throwable root = cause.getCause() == null ? cause : cause.getCause();
        return String.valueOf(root.getMessage());
    }
}
