package io.github.mirrorservice.mirror.opam.format;

/** A file is not written in opam's format. The message says where and what was expected there. */
public final class OpamSyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Diagnostic diagnostic;

    OpamSyntaxException(Diagnostic diagnostic) {
        super(diagnostic.toString());
        this.diagnostic = diagnostic;
    }

    /** The first place that is wrong. */
    public Diagnostic diagnostic() {
        return diagnostic;
    }
}
