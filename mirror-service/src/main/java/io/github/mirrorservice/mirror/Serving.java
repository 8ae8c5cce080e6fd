package io.github.mirrorservice.mirror;

import java.util.concurrent.Callable;

/** What runs a mirror: the command without a verb, and the verb. */
interface Serving extends Callable<Integer> {

    /** What it was told. */
    ServeOptions options();
}
