package io.github.mirrorservice.mirror.git;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingBundlePrerequisiteException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.errors.RemoteRepositoryException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;

/** Turns whatever JGit, the JDK and the network throw into the errors of this package. */
final class Failures {

    private static final int SHOWN = 200;

    /** Longer chains of causes are not looked through; JGit's have three or four links. */
    private static final int CAUSES = 20;

    private static final String LOOK = "look at the remote with git ls-remote, and try again";

    /** What stands first is the better explanation when a chain of causes holds several. */
    private static final List<Reason> REASONS = List.of(
            unreachable(UnknownHostException.class, "its host is not known", "check the address and the name service"),
            unreachable(ConnectException.class, "it takes no connection", "check address, port and firewall"),
            unreachable(SSLException.class, "there is no trusted TLS", "check its certificate and Java's trust store"),
            unreachable(InterruptedIOException.class, "it was silent for too long", "try again, or raise the limit"),
            unreachable(NoRemoteRepositoryException.class, "there is no Git repository", "check the address"),
            unreachable(RemoteRepositoryException.class, "it refuses", "see what it says"),
            corrupt(
                    MissingBundlePrerequisiteException.class,
                    "the bundle needs commits that are not in it",
                    "make a whole one with: git bundle create FILE HEAD"),
            corrupt(TooLargeObjectInPackException.class, "it sends an object that is too large", "raise the limit"),
            corrupt(MissingObjectException.class, "what it sends is incomplete", LOOK),
            corrupt(CorruptObjectException.class, "what it sends is damaged or not what Git allows", LOOK),
            corrupt(PackProtocolException.class, "what it sends is not Git's protocol", "check the address"),
            unreachable(EOFException.class, "it broke off in the middle", "try again"),
            corrupt(OutOfMemoryError.class, "what it sends does not fit into memory", "give more (-Xmx)"),
            corrupt(RuntimeException.class, "what it sends makes no sense", LOOK),
            unreachable(Throwable.class, "the fetch failed", LOOK));

    private static final Reason SSH = unreachable(
            Throwable.class,
            "SSH failed",
            "see that ~/.ssh/known_hosts knows the host, and that ~/.ssh holds a key that it takes");

    private Failures() {}

    /** The error of a fetch. */
    static GitException fetching(Throwable thrown, GitRemote remote) {
        GitException found = find(thrown, GitException.class).orElseGet(() -> explain(thrown));
        String message = remote.display() + ": " + found.getMessage();
        if (found instanceof GitException.NoSuchBranch) {
            return new GitException.NoSuchBranch(message);
        }
        if (found instanceof GitException.Storage) {
            return new GitException.Storage(message, thrown);
        }
        return found instanceof GitException.Corrupt
                ? new GitException.Corrupt(message, thrown)
                : new GitException.Unreachable(message, thrown);
    }

    /** Whether a fetch met damaged objects: what the remote sent, or what that builds upon, which is here. */
    static boolean isDamage(Throwable fetching) {
        return find(fetching, GitException.class).isEmpty()
                && (find(fetching, MissingObjectException.class).isPresent()
                        || find(fetching, CorruptObjectException.class).isPresent());
    }

    /** Whether a reading failed by something else than limits, memory or a cancel: then the store is to blame. */
    static boolean isStoreDamage(Throwable reading) {
        return find(reading, GitException.class).isEmpty()
                && find(reading, VirtualMachineError.class).isEmpty()
                && find(reading, CancellationException.class).isEmpty();
    }

    /** What a step of a pipeline may throw. */
    static RuntimeException unchecked(Throwable thrown) {
        return new UncheckedIOException(thrown instanceof IOException io ? io : new IOException(thrown));
    }

    /** The error of reading what was fetched before. */
    static GitException reading(Throwable thrown) {
        return find(thrown, GitException.class)
                .orElseGet(() -> new GitException.Corrupt(
                        "the local Git store is damaged (" + detail(thrown)
                                + "). Remedy: none is needed, the next fetch makes it anew.",
                        thrown));
    }

    /** Foreign text, made fit for a line of a log: bounded, without control characters. */
    static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }

    private static GitException explain(Throwable thrown) {
        // By name: the class is there only if SSH was spoken.
        if (thrown.getCause() != null && thrown.getCause().getClass().getName().endsWith(".SshException")) {
            return SSH.of(thrown);
        }
        return REASONS.stream()
                .flatMap(reason -> find(thrown, reason.type()).map(reason::of).stream())
                .findFirst()
                .orElseThrow();
    }

    private static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(CAUSES)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    private static String detail(Throwable thrown) {
        return shown(String.valueOf(thrown.getMessage()));
    }

    private static Reason unreachable(Class<? extends Throwable> type, String problem, String remedy) {
        return new Reason(type, problem, remedy, false);
    }

    private static Reason corrupt(Class<? extends Throwable> type, String problem, String remedy) {
        return new Reason(type, problem, remedy, true);
    }

    private record Reason(Class<? extends Throwable> type, String problem, String remedy, boolean corrupt) {

        GitException of(Throwable thrown) {
            String message = problem + " (" + detail(thrown) + "). Remedy: " + remedy + ".";
            return corrupt ? new GitException.Corrupt(message, thrown) : new GitException.Unreachable(message, thrown);
        }
    }
}
