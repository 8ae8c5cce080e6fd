package io.github.mirrorservice.mirror.prove;

/** Something that keeps a proof from being made; the message says what. */
public final class ProofException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ProofException(String message) {
        super(message);
    }
}
