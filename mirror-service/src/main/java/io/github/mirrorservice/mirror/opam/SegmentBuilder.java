package io.github.mirrorservice.mirror.opam;

import io.github.mirrorservice.mirror.git.Blob;
import io.github.mirrorservice.mirror.git.BlobReader;
import io.github.mirrorservice.mirror.opam.IndexPlan.Purpose;
import io.github.mirrorservice.mirror.opam.IndexPlan.Span;
import io.github.mirrorservice.mirror.opam.IndexPlan.Step;
import io.github.mirrorservice.mirror.schedule.Cooperation;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes the segments that a plan needs and the old tree does not have. */
final class SegmentBuilder {

    /** A blob may be megabytes long, so few are on their way at a time. */
    private static final int BLOBS_AHEAD = 8;

    private final BlobReader blobs;
    private final Cooperation cooperation;

    SegmentBuilder(BlobReader blobs, Cooperation cooperation) {
        this.blobs = blobs;
        this.cooperation = cooperation;
    }

    /**
     * Emits the segments of the plan that are not taken over, in order. On the way the plan learns the contents that it
     * did not know.
     */
    Mono<List<Deflated>> build(IndexPlan plan) {
        return contents(plan)
                .transform(this::onLane)
                .map(content -> content.learnedBy(plan))
                .flatMapIterable(Content::pieces, 1)
                .transform(this::onLane)
                .reduceWith(SegmentWriter::new, (writer, piece) -> piece.writeTo(writer))
                .map(SegmentWriter::finish);
    }

    private Flux<Content> contents(IndexPlan plan) {
        Flux<Step> steps = Flux.fromIterable(plan.spans()).flatMapIterable(Span::steps, 1);
        Flux<Blob> contents = blobs.read(steps.map(step -> plan.entry(step).blob()));
        return Flux.zip(
                both -> new Content(plan.entry((Step) both[0]).path(), (Step) both[0], (Blob) both[1]),
                BLOBS_AHEAD,
                steps,
                contents);
    }

    private <T> Flux<T> onLane(Flux<T> flux) {
        return cooperation.publishOn(flux, BLOBS_AHEAD);
    }

    /** The content of an entry, and what it was read for. */
    private record Content(String path, Step step, Blob blob) {

        Content learnedBy(IndexPlan plan) {
            plan.learn(step.entry(), blob.bytes());
            return this;
        }

        /** The entry's part of the tar; only the first piece starts something. */
        List<Piece> pieces() {
            Tar.Member member = Tar.Member.of(path, blob.bytes());
            Piece first = new Piece(step.purpose(), member, 0);
            if (member.length() <= SegmentWriter.LARGEST_PIECE) {
                return List.of(first);
            }
            return Stream.iterate(first, Piece::isInside, Piece::next).toList();
        }
    }

    /** What can be written at a time of a part of the tar. */
    private record Piece(Purpose purpose, Tar.Member member, int from) {

        boolean isInside() {
            return from < member.length();
        }

        Piece next() {
            return new Piece(purpose.continued(), member, from + SegmentWriter.LARGEST_PIECE);
        }

        SegmentWriter writeTo(SegmentWriter writer) {
            switch (purpose) {
                case CONTEXT_START -> writer.jump();
                case SEGMENT_START -> writer.startSegment();
                case CONTEXT, CONTENT -> {}
            }
            if (purpose.isContext()) {
                writer.context(member, from);
            } else {
                writer.content(member, from);
            }
            return writer;
        }
    }
}
