package io.github.mirrorservice.mirror.opam;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The snapshot that is served now. A request takes it once and keeps it to its end. */
public final class Published {

    private final AtomicReference<@Nullable Snapshot> current = new AtomicReference<>();

    /** The snapshot served now, or empty before the first one. */
    public Optional<Snapshot> current() {
        return Optional.ofNullable(current.get());
    }

    /** Serves {@code next} from now on; requests under way keep the one they took. */
    public void publish(Snapshot next) {
        current.set(next);
    }
}
