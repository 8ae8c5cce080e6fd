package io.github.mirrorservice.mirror.git;

import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.BlobObjectChecker;
import org.eclipse.jgit.lib.ObjectChecker;
import org.jspecify.annotations.Nullable;

/**
 * Checks every fetched object as {@code git fsck} does, and counts it: JGit calls it also while it resolves deltas, when
 * it reads nothing from the remote.
 */
final class GuardedChecker extends ObjectChecker {

    private final FetchGuard guard;

    GuardedChecker(FetchGuard guard) {
        this.guard = guard;
    }

    @Override
    public void check(@Nullable AnyObjectId id, int type, byte[] content) throws CorruptObjectException {
        guard.inflated(content.length);
        guard.taken();
        super.check(id, type, content);
    }

    @Override
    public BlobObjectChecker newBlobObjectChecker() {
        return new BlobObjectChecker() {
            @Override
            public void update(byte[] content, int offset, int length) {
                guard.inflated(length);
            }

            @Override
            public void endBlob(AnyObjectId id) {
                guard.taken();
            }
        };
    }
}
