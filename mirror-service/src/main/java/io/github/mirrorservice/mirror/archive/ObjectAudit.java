package io.github.mirrorservice.mirror.archive;

import io.github.mirrorservice.mirror.archive.Digest.Algorithm;
import io.github.mirrorservice.mirror.objects.ObjectStore;
import io.github.mirrorservice.mirror.objects.ObjectStore.Listed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads every archive in the object store of {@link S3Archives}, and follows every object that names one. It changes nothing, and
 * replicas may use the store meanwhile. What names an archive that is not there is not wrong: nothing is served by it.
 */
public final class ObjectAudit {

    private final ObjectStore objects;
    private final NavigableMap<Digest, Digests> sound = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();

    private ObjectAudit(ObjectStore objects) {
        this.objects = objects;
    }

    /**
     * Looks at all archives; to be called where blocking is allowed.
     *
     * @throws IOException if the object store does not answer
     * @throws ArchiveException.Store if it breaks off
     */
    public static CacheAudit.Report of(ObjectStore objects) throws IOException {
        ObjectAudit audit = new ObjectAudit(objects);
        audit.each(Algorithm.SHA256, audit::read);
        audit.each(Algorithm.MD5, audit::follow);
        audit.each(Algorithm.SHA512, audit::follow);
        return new CacheAudit.Report(audit.sound, audit.wrong);
    }

    /** What to do with an object that is named by a digest. */
    private interface Look {
        void at(Listed object, Digest name) throws IOException;
    }

    private void each(Algorithm algorithm, Look look) throws IOException {
        String after = "";
        for (List<Listed> page = page(algorithm, after); !page.isEmpty(); page = page(algorithm, after)) {
            for (Listed object : page) {
                Optional<Digest> name = S3Archives.digest(object);
                if (name.isPresent()) {
                    look.at(object, name.get());
                }
                after = object.key();
            }
        }
    }

    private List<Listed> page(Algorithm algorithm, String after) throws IOException {
        return objects.list(S3Archives.folder(algorithm), after);
    }

    private void read(Listed object, Digest name) throws IOException {
        Hasher hasher = new Hasher();
        try {
            ObjectContent.copy(objects, object, hasher::write);
        } catch (ArchiveException.Store goneMeanwhile) {
            if (objects.find(object.key()).isPresent()) {
                throw goneMeanwhile;
            }
            return;
        }
        Digests digests = hasher.digests();
        if (digests.sha256().equals(name)) {
            sound.put(name, digests);
        } else {
            wrong.add(object.key() + " holds bytes that hash to " + digests.sha256());
        }
    }

    private void follow(Listed object, Digest name) throws IOException {
        if (object.length() == 0 || object.length() > S3Archives.LONGEST_NAME) {
            wrong.add(object.key() + " has " + object.length() + " bytes, where a SHA-256 belongs");
            return;
        }
        Optional<Digest> sha256 = S3Archives.sha256(objects, name);
        Optional<Digests> digests = sha256.map(sound::get);
        if (digests.isPresent() && !digests.get().all().contains(name)) {
            wrong.add(object.key() + " leads to " + sha256.get() + ", which does not hash to it");
        }
    }
}
