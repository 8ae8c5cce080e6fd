package io.github.mirrorservice.mirror.git;

import java.net.URI;

/**
 * The host in a URL. Container networks have hosts with underscores, git and the name service know them, but Java's URI takes
 * such a URL for one without a host, and so do those who use it.
 */
final class HostName {

    private HostName() {}

    /** Whether this is a name or an address, if underscores count as letters. */
    static boolean isValid(String host) {
        try {
            return URI.create("http://" + standIn(host)).getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A name of the same form that Java's URI takes. */
    static String standIn(String host) {
        return host.replace('_', 'x');
    }
}
