package io.github.mirrorservice.mirror.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.mirrorservice.mirror.objects.ObjectStore;
import io.github.mirrorservice.mirror.objects.ObjectStore.Fetched;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Which archive is being fetched by which replica: an object {@code claims/ALGORITHM-HEX} each, which is created once and names
 * the replica. It saves work and guards nothing: where a claim is lost or taken from a replica that is slow, two fetch the same
 * archive. All of this fails with {@link ArchiveException.Store} when the object store does not answer.
 */
public final class FleetClaims {

    private static final String FOLDER = "claims/";
    private static final int LONGEST_NAME = 1_024;

    /** By the clock of the store. Whoever has one writes it again every two seconds, so this one is of a replica that is gone. */
    private static final Duration STALE = Duration.ofSeconds(8);

    private final ObjectStore objects;
    private final String replica;
    private final Scheduler remote;

    /**
     * Asks for none yet.
     *
     * @param objects what all replicas share
     * @param replica the name of this one, which no other has; it fetches each archive once at a time
     * @param remote where the object store is called
     */
    public FleetClaims(ObjectStore objects, String replica, Scheduler remote) {
        this.objects = objects;
        this.replica = replica;
        this.remote = remote;
    }

    /** Emits the digest once this replica has the claim to what has it, or nothing while another one has it. */
    Mono<Digest> take(Digest archive) {
        return S3Archives.run(() -> isTaken(key(archive)), remote)
                .filter(taken -> taken)
                .map(taken -> archive);
    }

    private boolean isTaken(String key) throws IOException {
        Optional<Fetched> claim = objects.get(key, LONGEST_NAME);
        if (claim.filter(this::isOwn).isPresent()) {
            objects.replace(key, name());
            return true;
        }
        if (claim.filter(another -> another.age().compareTo(STALE) <= 0).isPresent()) {
            return false;
        }
        if (claim.isPresent()) {
            objects.delete(key);
        }
        return objects.create(key, name())
                || objects.get(key, LONGEST_NAME).filter(this::isOwn).isPresent();
    }

    /** One that is left over, or was created by a call whose answer was lost. */
    private boolean isOwn(Fetched claim) {
        return UTF_8.decode(claim.content().duplicate()).toString().equals(replica);
    }

    private byte[] name() {
        return replica.getBytes(UTF_8);
    }

    /** Completes once a claim is as good as new; one that another replica has by now stays as it is. */
    Mono<Void> renew(Digest archive) {
        return ifOwn(archive, key -> objects.replace(key, name()));
    }

    /** Completes once there is no claim of this replica any more. */
    Mono<Void> drop(Digest archive) {
        return ifOwn(archive, objects::delete);
    }

    private Mono<Void> ifOwn(Digest archive, Step step) {
        return S3Archives.run(
                        () -> {
                            String key = key(archive);
                            if (objects.get(key, LONGEST_NAME)
                                    .filter(this::isOwn)
                                    .isPresent()) {
                                step.on(key);
                            }
                            return key;
                        },
                        remote)
                .then();
    }

    /** Something to do with a claim. */
    private interface Step {
        void on(String key) throws IOException;
    }

    private static String key(Digest archive) {
        return FOLDER + archive.algorithm().label() + '-' + archive.hex();
    }
}
