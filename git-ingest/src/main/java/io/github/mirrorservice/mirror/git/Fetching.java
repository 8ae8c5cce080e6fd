package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.Transport;

/**
 * One fetch: asks for the branch's commit, and for its objects if it is new.
 *
 * <p>It speaks to JGit's connection and not to its fetch command, which asks for the objects also when there is nothing
 * new, and walks the whole tree before and after.
 */
final class Fetching {

    /** Names of branches shown to who asked for one that is not there. */
    private static final int SUGGESTIONS = 5;

    /**
     * The outcome.
     *
     * @param commit the tip of the branch
     * @param isNew whether it was fetched, or was here already
     */
    record Fetched(Commit commit, boolean isNew) {}

    private final GitRemote remote;
    private final Capabilities capabilities;
    private final FetchGuard guard;

    Fetching(GitRemote remote, Capabilities capabilities, FetchGuard guard) {
        this.remote = remote;
        this.capabilities = capabilities;
        this.guard = guard;
    }

    Fetched into(PackRepository repository) throws IOException {
        PackRepository guarded = repository.guardedBy(guard);
        try (Transport transport = RemoteOpening.open(remote, guarded, guard, capabilities)) {
            FetchConnection talk = transport.openFetch(List.of(new RefSpec(remote.reference())));
            try {
                return fetch(talk, repository);
            } finally {
                talk.close();
            }
        }
    }

    private Fetched fetch(FetchConnection talk, PackRepository repository) throws IOException {
        Ref wanted = wanted(talk);
        ObjectId commit = wanted.getObjectId();
        Optional<ObjectId> tip = repository.tip();
        boolean isNew = !tip.equals(Optional.of(commit));
        if (isNew) {
            Set<ObjectId> have = tip.<Set<ObjectId>>map(Set::of).orElse(Set.of());
            talk.fetch(NullProgressMonitor.INSTANCE, List.of(wanted), have);
            guard.check();
            repository.tip(commit);
        }
        return new Fetched(repository.commit(commit), isNew);
    }

    private Ref wanted(FetchConnection talk) {
        return Optional.ofNullable(talk.getRef(remote.reference()))
                .or(() -> onlyBranch(talk))
                .filter(found -> found.getObjectId() != null)
                .orElseThrow(() -> new GitException.NoSuchBranch(missing(talk)));
    }

    /** A bundle of one branch needs no HEAD; it is written without one by {@code git bundle create FILE BRANCH}. */
    private Optional<Ref> onlyBranch(FetchConnection talk) {
        List<Ref> branches = branches(talk);
        return remote.branch().isEmpty() && branches.size() == 1
                ? branches.stream().findFirst()
                : Optional.empty();
    }

    private static List<Ref> branches(FetchConnection talk) {
        return talk.getRefs().stream()
                .filter(ref -> ref.getName().startsWith(Constants.R_HEADS))
                .toList();
    }

    private String missing(FetchConnection talk) {
        String problem = remote.branch()
                .map(name -> "there is no branch " + name)
                .orElse("there is no commit, or HEAD names a branch that does not exist");
        String known = branches(talk).stream()
                .limit(SUGGESTIONS)
                .map(ref -> Failures.shown(ref.getName().substring(Constants.R_HEADS.length())))
                .collect(Collectors.joining(", "));
        return problem + ". Remedy: "
                + (known.isEmpty() ? "push one, or name another" : "name one that is there: " + known) + ".";
    }
}
