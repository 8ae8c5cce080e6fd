package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.util.Optional;

/** Tree changes, one after the other, in the order of their paths. */
@FunctionalInterface
interface TreeSource {

    /** The next change, or nothing at the end. */
    Optional<TreeChange> next() throws IOException;
}
