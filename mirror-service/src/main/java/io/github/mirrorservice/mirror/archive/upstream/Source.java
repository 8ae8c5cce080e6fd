package io.github.mirrorservice.mirror.archive.upstream;

import io.github.mirrorservice.mirror.archive.SourceFailure.Kind;

/**
 * A place where an archive may be had.
 *
 * @param kind what kind of place it is
 * @param url its URL
 */
record Source(Kind kind, String url) {

    private static final int LONGEST_HOST = 255;

    /** Another cache is named by the operator, all else by the metadata. */
    boolean trusted() {
        return kind == Kind.CACHE;
    }

    /** The host, as far as the URL has one, for people and metrics: without user and password. */
    String host() {
        int start = url.indexOf("://") + 3;
        String authority = url.substring(start).split("[/?#]", 2)[0];
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        return host.length() > LONGEST_HOST ? host.substring(0, LONGEST_HOST) : host;
    }
}
