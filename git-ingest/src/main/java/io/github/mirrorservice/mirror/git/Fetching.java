package io.github.mirrorservice.mirror.git;

import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;

/** One fetch: asks for the branch's commit, and for its objects if they are not here. */
final class Fetching {

    private final GitRemote remote;
    private final GitLimits limits;

    Fetching(GitRemote remote, GitLimits limits) {
        this.remote = remote;
        this.limits = limits;
    }

    Commit fetch(PackRepository repository) throws IOException {
        try (Transport transport = open(repository)) {
            FetchConnection talk = transport.openFetch(List.of(new RefSpec(remote.reference())));
            try {
                Ref wanted = wanted(talk);
                ObjectId id = wanted.getObjectId();
                Optional<ObjectId> tip = repository.tip();
                if (!tip.equals(Optional.of(id))) {
                    talk.fetch(
                            NullProgressMonitor.INSTANCE,
                            List.of(wanted),
                            tip.<Set<ObjectId>>map(Set::of).orElse(Set.of()));
                    repository.tip(id);
                }
                return repository.commit(id);
            } finally {
                talk.close();
            }
        }
    }

    private Ref wanted(FetchConnection talk) {
        Ref found = talk.getRefsMap().get(remote.reference());
        if (found == null) {
            throw new GitException.NoSuchBranch(remote.display()
                    + remote.branch().map(name -> " has no branch " + name).orElse(" has no commit")
                    + ". Remedy: name a branch that it has (--branch), or push one.");
        }
        return found;
    }

    private Transport open(PackRepository repository) throws IOException {
        try {
            Transport transport = Transport.open(repository, new URIish(remote.address()));
            transport.setTimeout(limits.exchange().silenceSeconds());
            transport.setTagOpt(TagOpt.NO_TAGS);
            transport.setCheckFetchedObjects(true);
            transport.setDepth(1);
            return transport;
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the address was checked", e);
        }
    }
}
