package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.demo.DemoSize;
import io.github.mirrorservice.mirror.git.GitRemote;
import java.util.Optional;

/** What is mirrored. */
sealed interface Remote {

    /** What everybody may see of it. */
    String display();

    /** A Git repository or bundle. */
    record Git(GitRemote remote) implements Remote {
        @Override
        public String display() {
            return remote.display();
        }
    }

    /** A repository that the mirror generates, and that keeps getting merges. */
    record Demo(DemoSize size) implements Remote {
        @Override
        public String display() {
            return "demo:" + size.packages();
        }
    }

    /** Reads {@code demo:}, {@code demo:PACKAGES} or the address of a repository; fails with IllegalArgumentException. */
    static Remote parse(String text, Optional<String> branch) {
        return DemoSize.parse(text).<Remote>map(Demo::new).orElseGet(() -> git(text, branch));
    }

    private static Git git(String text, Optional<String> branch) {
        GitRemote remote = GitRemote.parse(text);
        return new Git(branch.map(remote::withBranch).orElse(remote));
    }
}
