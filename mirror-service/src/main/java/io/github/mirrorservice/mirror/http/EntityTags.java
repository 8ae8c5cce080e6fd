package io.github.mirrorservice.mirror.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A header's list of entity tags: RFC 9110, sections 8.8.3 and 13.1. It is read up to its first malformed member. */
final class EntityTags {

    private static final Pattern MEMBER =
            Pattern.compile("\\G[ \\t,]*(W/)?(\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\")[ \\t]*(?=,|\\z)");

    private EntityTags() {}

    /** Whether the list holds the tag, or is the star that holds all, by strong comparison: no weak member counts. */
    static boolean holdStrong(String list, String tag) {
        return hold(list, tag, false);
    }

    /** The same by weak comparison: a weak member counts too. */
    static boolean holdWeak(String list, String tag) {
        return hold(list, tag, true);
    }

    private static boolean hold(String list, String tag, boolean weak) {
        if (list.strip().equals("*")) {
            return true;
        }
        Matcher member = MEMBER.matcher(list);
        while (member.find()) {
            if (member.group(2).equals(tag) && (weak || member.start(1) < 0)) {
                return true;
            }
        }
        return false;
    }
}
