package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;

/** Reads blobs one after the other, up to a size. */
final class Blobs {

    private final ObjectReader reader;
    private final GitLimits.Tree limits;

    Blobs(PackRepository repository, GitLimits.Tree limits) {
        this.reader = repository.newObjectReader();
        this.limits = limits;
    }

    Blob read(BlobId id) {
        try {
            ObjectLoader loader = reader.open(ObjectId.fromString(id.hex()), Constants.OBJ_BLOB);
            if (loader.getSize() > limits.blobBytes()) {
                throw new GitException.Corrupt("blob " + id + " has " + loader.getSize()
                        + " bytes, more than the limit of " + limits.blobBytes());
            }
            return new Blob(id, loader.getCachedBytes(limits.blobBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void close() {
        reader.close();
    }
}
