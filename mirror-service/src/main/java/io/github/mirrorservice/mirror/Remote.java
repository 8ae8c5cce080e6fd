package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.git.GitRemote;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    record Demo(int packages) implements Remote {

        private static final int PACKAGES = 2_000;
        private static final int MOST_PACKAGES = 20_000;
        private static final Pattern FORM = Pattern.compile("demo:(\\d{0,6})");

        /** Refuses sizes that are not worth generating. */
        public Demo {
            if (packages < 1 || packages > MOST_PACKAGES) {
                throw new IllegalArgumentException("a demo has 1 to " + MOST_PACKAGES + " packages, not " + packages
                        + ": write demo: or demo:2000");
            }
        }

        @Override
        public String display() {
            return "demo:" + packages;
        }
    }

    /** Reads {@code demo:}, {@code demo:PACKAGES} or the address of a repository; fails with IllegalArgumentException. */
    static Remote parse(String text, Optional<String> branch) {
        if (text.startsWith("demo:")) {
            return demo(text);
        }
        GitRemote remote = GitRemote.parse(text);
        return new Git(branch.map(remote::withBranch).orElse(remote));
    }

    private static Demo demo(String text) {
        Matcher matcher = Demo.FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a demo: write demo: or demo:PACKAGES");
        }
        return new Demo(matcher.group(1).isEmpty() ? Demo.PACKAGES : Integer.parseInt(matcher.group(1)));
    }
}
