package io.github.mirrorservice.mirror.http;

import io.github.mirrorservice.mirror.archive.Failures.Failure;
import io.github.mirrorservice.mirror.archive.SourceFailure;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What could not be had, for people: by reason and host, the most frequent first. */
final class FailureTable {

    private static final int MOST_ROWS = 50;

    private static final Comparator<Map.Entry<Row, List<SourceFailure>>> MOST_FREQUENT_FIRST =
            Comparator.comparing(row -> -row.getValue().size());

    private FailureTable() {}

    /** What counts as the same failure. */
    private record Row(String reason, String host) implements Comparable<Row> {

        private static final Comparator<Row> ORDER =
                Comparator.comparing(Row::reason).thenComparing(Row::host);

        static Row of(SourceFailure failure) {
            return new Row(failure.reason().label(), failure.host());
        }

        @Override
        public int compareTo(Row other) {
            return ORDER.compare(this, other);
        }
    }

    /** For a template, a row each; none if there is no failure. */
    static List<Map<String, Object>> of(List<Failure> failures) {
        Map<Row, List<SourceFailure>> rows = failures.stream()
                .flatMap(failure -> failure.why().stream())
                .collect(Collectors.groupingBy(Row::of, TreeMap::new, Collectors.toList()));
        return rows.entrySet().stream()
                .sorted(MOST_FREQUENT_FIRST)
                .limit(MOST_ROWS)
                .map(row -> cells(row.getKey(), row.getValue()))
                .toList();
    }

    private static Map<String, Object> cells(Row row, List<SourceFailure> failures) {
        return Map.of(
                "times", Figures.count(failures.size()),
                "reason", row.reason(),
                "host", row.host(),
                "last", failures.get(failures.size() - 1).message());
    }
}
