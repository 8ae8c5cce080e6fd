import io.github.mirrorservice.mirror.metrics.RequestMeters;
import io.github.mirrorservice.mirror.metrics.Scrape;

/** What it costs to record a request in the metrics: prints nanoseconds. */
public final class Recording {

    private static final int ROUNDS = 8;
    private static final int REQUESTS = 5_000_000;

    private Recording() {}

    /** Measures a few rounds, and prints the last: the JVM has compiled it then. */
    public static void main(String[] arguments) {
        RequestMeters.Route route = new RequestMeters(new Scrape().registry(), () -> false).route("/repo");
        double nanos = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            for (int request = 0; request < REQUESTS; request++) {
                route.record(RequestMeters.Method.GET, 200, request % 5_000_000);
            }
            nanos = (double) (System.nanoTime() - begin) / REQUESTS;
        }
        System.out.println(nanos);
    }
}
