package io.github.mirrorservice.mirror.git;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/**
 * The place a mirror is fetched from. Its text shows no password and no token.
 *
 * @param protocol how it is spoken to
 * @param address a URL or a path, without user and password; only an SSH address keeps its user, which is no secret
 * @param branch the branch to follow, without {@code refs/heads/}; absent means the remote's HEAD
 * @param login user and password, if the address named a user
 */
public record GitRemote(Protocol protocol, String address, Optional<String> branch, Optional<Login> login) {

    /** How a remote is spoken to. */
    public enum Protocol {
        /** Smart HTTP, with or without TLS. */
        HTTP,
        /** Git over SSH. */
        SSH,
        /** Git's own protocol, without authentication. */
        GIT,
        /** A repository or a bundle on this machine. */
        LOCAL
    }

    /**
     * User and password; the text of a login shows neither.
     *
     * @param user the user's name, or a token
     * @param password the password; may be empty
     */
    public record Login(String user, String password) {

        /** The value of HTTP's {@code Authorization} header (RFC 7617, with UTF-8). */
        String basic() {
            byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(pair);
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    /** Refuses what is no branch name. */
    public GitRemote {
        branch.ifPresent(GitRemote::requireBranch);
    }

    /**
     * Reads the text of an address: an {@code https}, {@code http}, {@code ssh}, {@code git} or {@code file} URL,
     * {@code user@host:path}, a path, or the path of a bundle, with an optional {@code #branch}.
     *
     * @throws IllegalArgumentException for anything else; the message names the remedy
     */
    public static GitRemote parse(String text) {
        return RemoteSyntax.parse(text);
    }

    /** The same remote, followed at this branch. */
    public GitRemote withBranch(String name) {
        return new GitRemote(protocol, address, Optional.of(name), login);
    }

    /** The address and the branch for people. */
    public String display() {
        return branch.map(name -> address + "#" + name).orElse(address);
    }

    @Override
    public String toString() {
        return display();
    }

    /** The full name of the reference to follow. */
    String reference() {
        return branch.map(name -> Constants.R_HEADS + name).orElse(Constants.HEAD);
    }

    private static void requireBranch(String name) {
        if (name.startsWith("-") || !Repository.isValidRefName(Constants.R_HEADS + name)) {
            throw new IllegalArgumentException("'" + name
                    + "' is no name of a Git branch. Remedy: write the branch as Git shows it, without refs/heads/.");
        }
    }
}
