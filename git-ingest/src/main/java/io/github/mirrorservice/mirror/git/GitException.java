package io.github.mirrorservice.mirror.git;

import java.util.Objects;

/** Why the mirror of a Git remote could not do what was asked. The message says what happened and names the remedy. */
public abstract sealed class GitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    GitException(String message, Throwable cause) {
        super(message, cause);
    }

    GitException(String message) {
        super(message);
    }

    /** Never null: every constructor takes one. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** One word for metrics, such as {@code unreachable}. */
    public abstract String reason();

    /** The remote does not answer, refuses us, or broke off. Trying again may help. */
    public static final class Unreachable extends GitException {
        private static final long serialVersionUID = 1L;

        @Override
        public String reason() {
            return "unreachable";
        }

        Unreachable(String message, Throwable cause) {
            super(message, cause);
        }

        /** Without a cause that a developer would want to see. */
        public Unreachable(String message) {
            super(message);
        }
    }

    /** The remote has no such branch, or no commit at all. */
    public static final class NoSuchBranch extends GitException {
        private static final long serialVersionUID = 1L;

        @Override
        public String reason() {
            return "no-branch";
        }

        NoSuchBranch(String message) {
            super(message);
        }
    }

    /** What the remote sent, or what is in the store, is not what Git allows or is larger than the limits. */
    public static final class Corrupt extends GitException {
        private static final long serialVersionUID = 1L;

        @Override
        public String reason() {
            return "corrupt";
        }

        Corrupt(String message, Throwable cause) {
            super(message, cause);
        }

        Corrupt(String message) {
            super(message);
        }
    }

    /** The local store cannot be read or written: the disk is full or failing, or the directory is not ours. */
    public static final class Storage extends GitException {
        private static final long serialVersionUID = 1L;

        @Override
        public String reason() {
            return "disk";
        }

        Storage(String message, Throwable cause) {
            super(message, cause);
        }

        Storage(String message) {
            super(message);
        }
    }
}
