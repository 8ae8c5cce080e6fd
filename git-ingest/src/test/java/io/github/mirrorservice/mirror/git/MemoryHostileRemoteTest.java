package io.github.mirrorservice.mirror.git;

import org.junit.jupiter.api.extension.RegisterExtension;

final class MemoryHostileRemoteTest implements HostileRemoteContract {

    @RegisterExtension
    private final BlockingLane lane = new BlockingLane();

    @Override
    public GitMirror mirror(GitRemote remote, GitLimits limits) {
        return GitMirror.inMemory(remote, limits, lane.scheduler());
    }
}
