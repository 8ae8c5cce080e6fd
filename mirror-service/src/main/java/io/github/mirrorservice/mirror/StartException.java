package io.github.mirrorservice.mirror;

/** Why the mirror does not start, or a verb does not do its work. The message names the remedy. */
final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartException(String message) {
        super(message);
    }
}
