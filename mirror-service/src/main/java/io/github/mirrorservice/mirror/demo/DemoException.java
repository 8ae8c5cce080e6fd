package io.github.mirrorservice.mirror.demo;

/** Why the demo repository cannot be made. The message says what happened and names the remedy. */
public final class DemoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
