package io.github.mirrorservice.mirror.git;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/**
 * The place a mirror is fetched from.
 *
 * @param protocol how it is spoken to
 * @param address a URL or a path, without user and password unless the protocol is {@code SSH}, whose user is no secret
 * @param branch the branch to follow, without {@code refs/heads/}; absent means the remote's HEAD
 * @param login user and password
 */
public record GitRemote(Protocol protocol, String address, Optional<String> branch, Optional<Login> login) {

    private static final String REMEDY =
            " Remedy: give an https, http, ssh, git or file URL, a path, or the path of a Git bundle.";
    private static final Pattern HELPER = Pattern.compile("^[A-Za-z0-9+.-]+::.*");
    private static final Pattern URL = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*)://.*");
    private static final Pattern SCP_LIKE = Pattern.compile("^(?:[^/@:]+@)?[^/@:]+:.*");

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
     * User and password; its text shows neither.
     *
     * @param user the user's name, or a token
     * @param password the password; may be empty
     */
    public record Login(String user, String password) {

        /** The value of HTTP's {@code Authorization} header. */
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
     * @throws IllegalArgumentException with the remedy, for anything else
     */
    public static GitRemote parse(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("The remote is empty." + REMEDY);
        }
        if (text.startsWith("-") || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "The remote starts with a dash or holds control characters, which no address does." + REMEDY);
        }
        if (HELPER.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "Transport helpers such as ext:: run programs and are refused." + REMEDY);
        }
        int hash = text.lastIndexOf('#');
        return hash < 0
                ? parseAddress(text, Optional.empty())
                : parseAddress(text.substring(0, hash), Optional.of(text.substring(hash + 1)));
    }

    /** The same remote, followed at this branch. */
    public GitRemote withBranch(String name) {
        return new GitRemote(protocol, address, Optional.of(name), login);
    }

    /** The address and the branch for people: never with a password. */
    public String display() {
        return branch.map(name -> address + "#" + name).orElse(address);
    }

    @Override
    public String toString() {
        return display();
    }

    /** The name of the reference to follow, in full. */
    String reference() {
        return branch.map(name -> Constants.R_HEADS + name).orElse(Constants.HEAD);
    }

    private static GitRemote parseAddress(String text, Optional<String> branch) {
        Matcher url = URL.matcher(text);
        if (url.matches()) {
            return parseUrl(url.group(1).toLowerCase(Locale.ROOT), text, branch);
        }
        if (text.startsWith("file:/")) {
            return local(URI.create(text).getPath(), branch);
        }
        return SCP_LIKE.matcher(text).matches()
                ? new GitRemote(Protocol.SSH, text, branch, Optional.empty())
                : local(text, branch);
    }

    private static GitRemote local(String path, Optional<String> branch) {
        return new GitRemote(Protocol.LOCAL, path, branch, Optional.empty());
    }

    private static GitRemote parseUrl(String scheme, String text, Optional<String> branch) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The remote is no valid URL." + REMEDY, e);
        }
        return switch (scheme) {
            case "https", "http" -> network(Protocol.HTTP, uri, branch);
            case "ssh", "git+ssh", "ssh+git" -> network(Protocol.SSH, uri, branch);
            case "git" -> network(Protocol.GIT, uri, branch);
            case "file" -> local(uri.getPath(), branch);
            default -> throw new IllegalArgumentException("The scheme " + scheme + ":// is not spoken here." + REMEDY);
        };
    }

    private static GitRemote network(Protocol protocol, URI uri, Optional<String> branch) {
        if (uri.getHost() == null || uri.getHost().startsWith("-")) {
            throw new IllegalArgumentException("The remote's URL names no host." + REMEDY);
        }
        Optional<Login> login = Optional.ofNullable(uri.getUserInfo()).map(GitRemote::login);
        String user = protocol == Protocol.SSH ? login.map(Login::user).orElse("") + "@" : "";
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String address = uri.getScheme().toLowerCase(Locale.ROOT) + "://" + user + uri.getHost() + port
                + uri.getRawPath() + query;
        return new GitRemote(protocol, address.replace("://@", "://"), branch, login);
    }

    private static Login login(String userInfo) {
        int colon = userInfo.indexOf(':');
        return colon < 0
                ? new Login(userInfo, "")
                : new Login(userInfo.substring(0, colon), userInfo.substring(colon + 1));
    }

    private static void requireBranch(String name) {
        if (name.startsWith("-") || !Repository.isValidRefName(Constants.R_HEADS + name)) {
            throw new IllegalArgumentException("'" + name
                    + "' is no name of a Git branch. Remedy: write the branch as Git shows it, without refs/heads/.");
        }
    }
}
