package io.github.mirrorservice.mirror.demo;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How large a demo is.
 *
 * @param packages the packages of its first commit, at 4.5 versions each on average
 */
public record DemoSize(int packages) {

    /** As many as the public repository has. */
    private static final int LARGEST = 5_000;

    private static final String REMEDY =
            " Remedy: write demo: and a number from 1 to " + LARGEST + ", or demo: alone for 2000.";

    /** The size of {@code demo:}. */
    public static final DemoSize STANDARD = new DemoSize(2_000);

    private static final String SCHEME = "demo:";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    /** Refuses a size below 1 or above 5,000. */
    public DemoSize {
        if (packages < 1 || packages > LARGEST) {
            throw new IllegalArgumentException("A demo of " + packages + " packages is not made." + REMEDY);
        }
    }

    /**
     * Reads {@code demo:} or {@code demo:PACKAGES}; nothing for the address of any other remote.
     *
     * @throws IllegalArgumentException with the remedy, for a size that no demo can have
     */
    public static Optional<DemoSize> parse(String remote) {
        if (!remote.startsWith(SCHEME)) {
            return Optional.empty();
        }
        String size = remote.substring(SCHEME.length());
        if (size.isEmpty()) {
            return Optional.of(STANDARD);
        }
        if (!NUMBER.matcher(size).matches()) {
            throw new IllegalArgumentException("'" + size + "' is no number of packages." + REMEDY);
        }
        return Optional.of(new DemoSize(Integer.parseInt(size)));
    }
}
