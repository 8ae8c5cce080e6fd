package io.github.mirrorservice.mirror.git;

import io.github.mirrorservice.mirror.git.GitRemote.Login;
import io.github.mirrorservice.mirror.git.GitRemote.Protocol;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text of a remote as git itself would, but for what runs programs. */
final class RemoteSyntax {

    private static final Map<String, Protocol> SCHEMES = Map.of(
            "https", Protocol.HTTP,
            "http", Protocol.HTTP,
            "ssh", Protocol.SSH,
            "git+ssh", Protocol.SSH,
            "ssh+git", Protocol.SSH,
            "git", Protocol.GIT,
            "file", Protocol.LOCAL);

    private static final Pattern HELPER = Pattern.compile("^[A-Za-z0-9+.-]+::.*");
    private static final Pattern URL = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*)://.*|^(file):/.*");
    private static final Pattern SCP_LIKE = Pattern.compile("^(?:[^/@:]+@)?[^/@:-][^/@:]*:.+");

    private static final Pattern AUTHORITY =
            Pattern.compile("(?:(?<login>[^@]*)@)?(?<host>[^@:\\[]+|\\[[^@]+])(?::(?<port>\\d{0,5}))?");

    private RemoteSyntax() {}

    static GitRemote parse(String text) {
        require(!text.isBlank(), "The remote is empty");
        require(!text.startsWith("-"), "The remote starts with a dash, which no address does");
        require(text.chars().noneMatch(Character::isISOControl), "The remote holds control characters");
        require(!HELPER.matcher(text).matches(), "Transport helpers such as ext:: run programs and are refused");
        int hash = text.lastIndexOf('#');
        return hash < 0
                ? address(text, Optional.empty())
                : address(text.substring(0, hash), Optional.of(text.substring(hash + 1)));
    }

    private static GitRemote address(String text, Optional<String> branch) {
        require(!text.isBlank(), "The remote is a branch without an address");
        Matcher url = URL.matcher(text);
        if (url.matches()) {
            String scheme = text.substring(0, text.indexOf(':')).toLowerCase(Locale.ROOT);
            require(SCHEMES.containsKey(scheme), "The scheme " + scheme + ":// is not spoken here");
            return url(SCHEMES.getOrDefault(scheme, Protocol.LOCAL), uri(text), branch);
        }
        Protocol protocol = SCP_LIKE.matcher(text).matches() ? Protocol.SSH : Protocol.LOCAL;
        return new GitRemote(protocol, text, branch, Optional.empty());
    }

    private static GitRemote url(Protocol protocol, URI uri, Optional<String> branch) {
        if (protocol == Protocol.LOCAL) {
            require(
                    uri.getPath() != null
                            && !uri.getPath().isEmpty()
                            && uri.getAuthority() == null
                            && uri.getQuery() == null,
                    "A file URL names a path, and neither host nor query");
            return new GitRemote(protocol, uri.getPath(), branch, Optional.empty());
        }
        Matcher authority =
                AUTHORITY.matcher(Optional.ofNullable(uri.getRawAuthority()).orElse(""));
        require(authority.matches() && HostName.isValid(authority.group("host")), "The remote's URL names no host");
        require(uri.getRawQuery() == null, "The remote's URL has a query, which would show in logs");
        Optional<Login> login = Optional.ofNullable(authority.group("login")).map(RemoteSyntax::login);
        return new GitRemote(protocol, withoutSecrets(protocol, uri, authority, login), branch, login);
    }

    private static String withoutSecrets(Protocol protocol, URI uri, Matcher authority, Optional<Login> login) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        String user = protocol == Protocol.SSH
                ? login.map(known -> known.user() + "@").orElse("")
                : "";
        String port = Optional.ofNullable(authority.group("port"))
                .filter(number -> !number.isEmpty())
                .map(number -> ":" + number)
                .orElse("");
        return scheme + "://" + user + authority.group("host") + port + uri.getRawPath();
    }

    private static Login login(String userInfo) {
        int colon = userInfo.indexOf(':');
        return colon < 0
                ? new Login(decoded(userInfo), "")
                : new Login(decoded(userInfo.substring(0, colon)), decoded(userInfo.substring(colon + 1)));
    }

    /** Percent escapes alone: unlike in a form, a plus is a plus. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            // The cause would show the text, and with it a password.
            throw refusal("The remote is no valid URL");
        }
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw refusal(problem);
        }
    }

    private static IllegalArgumentException refusal(String problem) {
        return new IllegalArgumentException(
                problem
                        + ". Remedy: give an https, http, ssh, git or file URL, user@host:path, a path, or the path of a bundle.");
    }
}
