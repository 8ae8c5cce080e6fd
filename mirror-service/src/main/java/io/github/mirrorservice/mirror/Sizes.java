package io.github.mirrorservice.mirror;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers of bytes as the command line takes them: a whole number, 1 or more, and its unit, such as {@code 64KiB}. */
final class Sizes implements ITypeConverter<Long> {

    private static final Pattern FORM = Pattern.compile("0*([1-9]\\d{0,8})(B|KiB|MiB|GiB)");
    private static final Map<String, Long> UNITS = Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    @Override
    public Long convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is not a size: write a whole number and one of B, KiB, MiB, GiB, such as 64KiB");
        }
        return Long.parseLong(matcher.group(1)) * UNITS.getOrDefault(matcher.group(2), 0L);
    }
}
