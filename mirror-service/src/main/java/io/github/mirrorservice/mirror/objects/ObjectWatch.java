package io.github.mirrorservice.mirror.objects;

import java.time.Duration;
import java.util.Locale;

/** Is told of each call of an object store, on whatever thread it ends; it must be quick. */
@FunctionalInterface
public interface ObjectWatch {

    /** What is called. */
    enum Operation {
        /** Write if there is none. */
        CREATE,
        /** Write whatever was there. */
        REPLACE,
        /** Ask whether it is there. */
        FIND,
        /** Read, up to the first bytes. */
        READ,
        /** List keys. */
        LIST,
        /** Copy to another key. */
        COPY,
        /** Delete. */
        DELETE;

        /** The word for it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How it ended. */
    enum Result {
        /** It was answered, even if by no. */
        ANSWERED,
        /** It was not. */
        FAILED,
        /** It was not even tried, because the ones before had failed. */
        REFUSED;

        /** The word for it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A call has ended. */
    void called(Operation operation, Result result, Duration taken);
}
