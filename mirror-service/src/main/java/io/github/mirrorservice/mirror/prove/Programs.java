package io.github.mirrorservice.mirror.prove;

import java.util.List;

/**
 * The commands of what runs beside a proof.
 *
 * @param mirror the mirror's, to which its flags are added
 * @param upstream of a Git server, to which its repository is added: tells its URL on a line of its own, then serves
 */
public record Programs(List<String> mirror, List<String> upstream) {

    /** Keeps its own lists. */
    public Programs {
        mirror = List.copyOf(mirror);
        upstream = List.copyOf(upstream);
    }
}
