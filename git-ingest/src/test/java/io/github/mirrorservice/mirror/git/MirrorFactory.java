package io.github.mirrorservice.mirror.git;

/** Makes the mirrors of a contract test. */
interface MirrorFactory {

    /** A fresh mirror of this remote. */
    GitMirror mirror(GitRemote remote, GitLimits limits);

    default GitMirror mirror(GitRemote remote) {
        return mirror(remote, GitLimits.STANDARD);
    }
}
