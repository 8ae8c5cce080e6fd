package io.github.mirrorservice.mirror.git;

import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;

/** Turns what JGit throws into the errors of this package. */
final class Failures {

    private Failures() {}

    static GitException of(Throwable thrown) {
        if (thrown instanceof GitException known) {
            return known;
        }
        String message = String.valueOf(thrown.getMessage());
        if (thrown instanceof MissingObjectException || thrown instanceof CorruptObjectException) {
            return new GitException.Corrupt(message, thrown);
        }
        return new GitException.Unreachable(message, thrown);
    }
}
