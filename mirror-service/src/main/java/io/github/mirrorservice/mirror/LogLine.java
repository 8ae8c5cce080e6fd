package io.github.mirrorservice.mirror;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * A log line for people: time, level, message, and the stack of a failure. Whatever a remote's text holds, one message is
 * one line. Logback's own pattern layout would take a twentieth of a restart to load.
 */
final class LogLine extends LayoutBase<ILoggingEvent> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\r\\n\\x00-\\x08\\x1b]+");

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder();
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
        String level = event.getLevel().toString();
        line.append(' ').append(level).append(" ".repeat(6 - level.length()));
        line.append(UNPRINTABLE.matcher(event.getFormattedMessage()).replaceAll(" "))
                .append('\n');
        IThrowableProxy failure = event.getThrowableProxy();
        return failure == null
                ? line.toString()
                : line.append(ThrowableProxyUtil.asString(failure)).toString();
    }
}
