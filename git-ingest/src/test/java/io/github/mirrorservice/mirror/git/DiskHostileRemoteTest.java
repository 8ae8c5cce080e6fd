package io.github.mirrorservice.mirror.git;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class DiskHostileRemoteTest implements HostileRemoteContract {

    @RegisterExtension
    private final BlockingLane lane = new BlockingLane();

    @TempDir
    private Path directory;

    @Override
    public GitMirror mirror(GitRemote remote, GitLimits limits) {
        return GitMirror.onDisk(directory.resolve("store"), remote, limits, lane.scheduler());
    }
}
