package io.github.mirrorservice.mirror.archive.upstream;

import io.github.mirrorservice.mirror.archive.ArchiveException;
import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the heads of answers: RFC 9110. */
final class Answers {

    /** No host is left alone for longer, whatever it asks for. */
    static final Duration LONGEST_REST = Duration.ofHours(1);

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Pattern STRONG = Pattern.compile("\"[\\x21\\x23-\\x7e]*\"");
    private static final Pattern PART = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private Answers() {}

    static boolean isStrong(String validator) {
        return STRONG.matcher(validator).matches();
    }

    static boolean isRedirect(int status) {
        return REDIRECTS.contains(status);
    }

    /** What the body is a part of. Where it starts is checked, its length only by what the head says. */
    record Part(OptionalLong length, long from, Optional<String> validator) {}

    /**
     * What the answer to a request offers.
     *
     * @throws ArchiveException.Source if that is no archive
     */
    static Part part(String host, int status, HttpHeaders headers, Optional<Resume> resume, InstantSource clock) {
        if (status == 200) {
            return new Part(contentLength(headers), 0, validator(headers));
        }
        if (resume.isPresent() && status == 206) {
            return resumed(host, headers, resume.get());
        }
        throw refused(host, status, headers, resume, clock);
    }

    private static Part resumed(String host, HttpHeaders headers, Resume resume) {
        Matcher range = PART.matcher(headers.get(HttpHeaderNames.CONTENT_RANGE, ""));
        Optional<String> validator = validator(headers);
        if (!range.matches()
                || validator.filter(other -> !other.equals(resume.validator())).isPresent()) {
            throw otherPart(host);
        }
        long total = Long.parseLong(range.group(3));
        OptionalLong rest = contentLength(headers);
        if (Long.parseLong(range.group(1)) != resume.from()
                || Long.parseLong(range.group(2)) != total - 1
                || (rest.isPresent() && rest.getAsLong() != total - resume.from())) {
            throw otherPart(host);
        }
        return new Part(OptionalLong.of(total), resume.from(), validator);
    }

    private static ArchiveException.Source otherPart(String host) {
        return new ArchiveException.Source(
                Reason.TRUNCATED, host + " gave another part of the archive than its rest. Remedy: ask for all of it");
    }

    private static ArchiveException.Source refused(
            String host, int status, HttpHeaders headers, Optional<Resume> resume, InstantSource clock) {
        if (resume.isPresent() && status == 416) {
            return otherPart(host);
        }
        Reason reason = status == 429 || status == 503 ? Reason.BUSY : status >= 500 ? Reason.SERVER : Reason.STATUS;
        return new ArchiveException.Source(
                reason, "%s answered %d".formatted(host, status), retryAfter(headers, clock));
    }

    private static OptionalLong contentLength(HttpHeaders headers) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH, "");
        return NUMBER.matcher(length).matches() && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                ? OptionalLong.of(Long.parseLong(length))
                : OptionalLong.empty();
    }

    private static Optional<String> validator(HttpHeaders headers) {
        return Optional.ofNullable(headers.get(HttpHeaderNames.ETAG)).filter(Answers::isStrong);
    }

    private static Optional<Duration> retryAfter(HttpHeaders headers, InstantSource clock) {
        return Optional.ofNullable(headers.get(HttpHeaderNames.RETRY_AFTER))
                .flatMap(text -> NUMBER.matcher(text).matches()
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                        : untilDate(text, clock))
                .filter(rest -> !rest.isNegative())
                .map(rest -> rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest);
    }

    private static Optional<Duration> untilDate(String date, InstantSource clock) {
        try {
            return Optional.of(
                    Duration.between(clock.instant(), Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date))));
        } catch (DateTimeException | ArithmeticException noDate) {
            return Optional.empty();
        }
    }
}
