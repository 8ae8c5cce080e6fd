package io.github.mirrorservice.mirror;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A share as the command line takes it: {@code 0%} to {@code 100%}. */
final class Shares implements ITypeConverter<Double> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,2}|100)%");

    @Override
    public Double convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is not a share: write 0% to 100%");
        }
        return Integer.parseInt(matcher.group(1)) / 100.0;
    }
}
