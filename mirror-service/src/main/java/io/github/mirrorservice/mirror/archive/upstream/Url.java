package io.github.mirrorservice.mirror.archive.upstream;

import io.netty.util.NetUtil;
import java.net.URI;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL that may be asked, read strictly: what two readers could take for two hosts is none.
 *
 * @param secure whether it is https
 * @param host a lowercase name without its last dot, four decimal octets, or an IPv6 address without brackets
 * @param port 1 to 65535
 * @param target path and query, with all characters escaped that a request line does not bear
 */
record Url(boolean secure, String host, int port, String target) {

    private static final Pattern SYNTAX =
            Pattern.compile("(?i)(https?)://(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(?::([0-9]{1,5}))?([/?].*)?");
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");
    private static final Pattern OCTETS = Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");
    private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)(?:[a-z0-9_-]{1,63}\\.)*[a-z0-9_-]{1,63}");

    /** A name that ends so is an IPv4 address to some: WHATWG URL, "ends in a number". */
    private static final Pattern NUMBER_LAST = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");

    private static final String PLAIN = "-._~!$&'()*+,;=:@/?";
    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int LONGEST = 8_192;

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException if it is none, or not one that may be asked; the message does not repeat it, for it may
     *     hold secrets
     */
    static Url parse(String text) {
        Matcher parts = SYNTAX.matcher(withoutFragment(text));
        if (text.length() > LONGEST || !text.chars().allMatch(Url::isPrintable) || !parts.matches()) {
            throw new IllegalArgumentException(
                    "not a plain http or https URL with a host, perhaps a port, and without a user");
        }
        boolean secure = parts.group(1).equalsIgnoreCase("https");
        String port = parts.group(3);
        return new Url(
                secure,
                host(parts.group(2)),
                port(port == null ? defaultPort(secure) : Integer.parseInt(port)),
                target(parts.group(4)));
    }

    /** The URL that a redirect from this one names: RFC 3986, section 5.2. */
    Url resolve(String location) {
        String text = withoutFragment(location);
        if (text.isEmpty() || !text.chars().allMatch(Url::isPrintable)) {
            throw new IllegalArgumentException("nothing that can be asked");
        }
        if (ABSOLUTE.matcher(text).matches()) {
            return parse(text);
        }
        if (text.startsWith("//")) {
            return parse((secure ? "https:" : "http:") + text);
        }
        URI here = URI.create("http://host" + target);
        URI there = here.resolve(
                text.startsWith("?")
                        ? here.getRawPath() + escape(text)
                        : escape("./" + text).substring(text.startsWith("/") ? 2 : 0));
        return new Url(secure, host, port, target(there.toString().substring("http://host".length())));
    }

    private static boolean isPrintable(int character) {
        return character >= ' ' && character < 0x7f && character != '\\';
    }

    private static String withoutFragment(String text) {
        int fragment = text.indexOf('#');
        return fragment < 0 ? text : text.substring(0, fragment);
    }

    private static int defaultPort(boolean secure) {
        return secure ? 443 : 80;
    }

    private static int port(int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("no such port: " + port);
        }
        return port;
    }

    private static String host(String text) {
        String host = text.toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        if (!isAddress(host) && !isName(host)) {
            throw new IllegalArgumentException("neither a host name nor a plainly written address");
        }
        return host;
    }

    /** Whether it is an address in its one plain spelling. */
    static boolean isAddress(String host) {
        return host.indexOf(':') < 0
                ? OCTETS.matcher(host).matches() && NetUtil.isValidIpV4Address(host)
                : NetUtil.isValidIpV6Address(host) && host.indexOf('%') < 0;
    }

    /** Whether it is a name that nobody takes for an address. */
    static boolean isName(String host) {
        return NAME.matcher(host).matches() && !NUMBER_LAST.matcher(host).matches();
    }

    private static String target(@Nullable String text) {
        String target = text == null ? "" : escape(text);
        return target.startsWith("/") ? target : "/" + target;
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at++) {
            char next = text.charAt(at);
            if (Character.isLetterOrDigit(next) || PLAIN.indexOf(next) >= 0 || isEscape(text, at)) {
                escaped.append(next);
            } else {
                escaped.append('%').append(HEX.toHexDigits((byte) next));
            }
        }
        return escaped.toString();
    }

    private static boolean isEscape(String text, int at) {
        return text.length() - at > 2 && ESCAPE.matcher(text).region(at, at + 3).matches();
    }

    /** Host and port as a Host header names them. */
    String authority() {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port == defaultPort(secure) ? name : name + ":" + port;
    }

    /** Whether both are of one host and port. */
    boolean sameHost(Url other) {
        return host.equals(other.host) && port == other.port;
    }
}
