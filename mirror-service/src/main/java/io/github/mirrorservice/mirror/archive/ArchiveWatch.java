package io.github.mirrorservice.mirror.archive;

import io.github.mirrorservice.mirror.archive.ArchiveException.Reason;
import java.time.Duration;
import java.util.Locale;

/** Is told what happens to archives, on whatever thread it happens; it must be quick. */
public interface ArchiveWatch {

    /** How a request for an archive went. */
    enum Result {
        /** It was there. */
        HIT,
        /** It was on its way for somebody else already. */
        COALESCED,
        /** It was fetched for this request. */
        FETCHED,
        /** It could not be had, or nobody names it. */
        MISS,
        /** It could not be had a moment ago, so it was not tried again. */
        NEGATIVE,
        /** It would have had to wait, and too many requests waited. */
        SHED;

        /** The word for it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A request was decided. */
    void requested(Result result);

    /** A source gave an archive, whole and right. */
    void fetched(SourceFailure.Kind source, Duration taken, long bytes);

    /** A source did not give what it should; {@link Reason#MISMATCH} is a reason for alarm. */
    void failed(SourceFailure failure);

    /** An archive is held, whether it was fetched or found. */
    void obtained(Wanted wanted, Archive archive);

    /** The bytes of an archive that was held are no longer what they were; it is in quarantine. */
    void rotten(Archive archive);

    /** An archive could not be kept: the disk is full, perhaps. */
    void broken(ArchiveException.Store failure);
}
