package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.http.Verdict.Part;
import io.github.mirrorservice.mirror.http.Verdict.Unsatisfiable;
import io.github.mirrorservice.mirror.http.Verdict.Whole;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Range header with one byte range: RFC 9110, section 14.1. Several ranges, other units and what is malformed ask for the whole. */
final class Ranges {

    private static final Pattern SINGLE = Pattern.compile("(?i:bytes)=[ \\t]*(?:(\\d+)-(\\d*)|-(\\d+))[ \\t]*");
    private static final int LONG_DIGITS = 18;

    private Ranges() {}

    /** What the header asks of a representation of {@code length} bytes. */
    static Verdict judge(String header, long length) {
        Matcher range = SINGLE.matcher(header);
        if (!range.matches()) {
            return new Whole();
        }
        return range.start(1) < 0
                ? suffix(number(range.group(3)), length)
                : fromTo(number(range.group(1)), lastOf(range.group(2)), length);
    }

    private static Verdict suffix(long wanted, long length) {
        return wanted == 0 || length == 0 ? new Unsatisfiable() : new Part(Math.max(0, length - wanted), length - 1);
    }

    private static Verdict fromTo(long first, long last, long length) {
        if (last < first) {
            return new Whole();
        }
        return first >= length ? new Unsatisfiable() : new Part(first, Math.min(last, length - 1));
    }

    private static long lastOf(String digits) {
        return digits.isEmpty() ? Long.MAX_VALUE : number(digits);
    }

    /** The number, or the largest one in place of a larger. */
    private static long number(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > LONG_DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
    }
}
