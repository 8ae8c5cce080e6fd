package io.github.mirrorservice.mirror.opam.format;

import io.github.mirrorservice.mirror.opam.format.Item.Field;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of opam's format that a file declares in its field {@code opam-version}. */
record FormatVersion(int major, int minor) implements Comparable<FormatVersion> {

    /** The field that declares it. */
    static final String FIELD = "opam-version";

    static final FormatVersion V2_0 = new FormatVersion(2, 0);
    private static final FormatVersion V2_1 = new FormatVersion(2, 1);

    private static final Comparator<FormatVersion> OLDEST_FIRST =
            Comparator.comparingInt(FormatVersion::major).thenComparingInt(FormatVersion::minor);

    /** Nine digits fit an int; more are a version from the future all the same. */
    private static final Pattern MAJOR_MINOR = Pattern.compile("([0-9]{1,9})(?:\\.([0-9]{1,9}))?");

    /** The version that begins {@code text}; 0.0 if none does, as opam has it. */
    static FormatVersion of(String text) {
        if (text.equals("2.0")) {
            return V2_0;
        }
        Matcher matcher = MAJOR_MINOR.matcher(text);
        if (!matcher.lookingAt()) {
            return new FormatVersion(0, 0);
        }
        String minor = matcher.group(2);
        return new FormatVersion(Integer.parseInt(matcher.group(1)), minor == null ? 0 : Integer.parseInt(minor));
    }

    /** The version that {@code item} declares, empty if it is anything but a well-formed {@code opam-version}. */
    static Optional<FormatVersion> declaredBy(Item item) {
        return item instanceof Field field && field.name().equals(FIELD) && field.value() instanceof Value.Text text
                ? Optional.of(of(text.text()))
                : Optional.empty();
    }

    /**
     * From version 2.1 on, {@code opam-version} stands in front of everything else, once.
     *
     * @throws OpamSyntaxException if it does not
     */
    static void requireInFront(Source source, List<Item> items) {
        boolean once = !items.isEmpty()
                && declaredBy(items.get(0))
                        .filter(first -> first.compareTo(V2_1) >= 0)
                        .isPresent();
        for (Item item : items.subList(Math.min(1, items.size()), items.size())) {
            Optional<FormatVersion> later = declaredBy(item);
            if (once && later.isPresent()) {
                throw source.broken(item.start(), "opam-version cannot be repeated");
            }
            if (later.filter(version -> version.compareTo(V2_0) > 0).isPresent()) {
                throw source.broken(item.start(), "opam-version above 2.0 must come first");
            }
        }
    }

    @Override
    public int compareTo(FormatVersion other) {
        return OLDEST_FIRST.compare(this, other);
    }
}
