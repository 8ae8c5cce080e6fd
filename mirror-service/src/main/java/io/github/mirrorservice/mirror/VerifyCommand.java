package io.github.mirrorservice.mirror;

import io.github.mirrorservice.mirror.Invariant.Broken;
import io.github.mirrorservice.mirror.objects.ObjectStoreException;
import io.github.mirrorservice.mirror.objects.S3Location;
import io.github.mirrorservice.mirror.opam.Snapshot;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The verb that checks what has to be so after every crash. */
@Command(
        name = "verify",
        description = {
            "Reads a data directory as a whole and says what is not as it has to be: archives that do not hash to their name (I1),",
            "parts of the snapshot that do not belong together (I2) or are damaged (I3), leftovers older than an hour (I6); and with",
            "--url also what is served: that it does not go back (I4), is on the disk (I5), and can be had (I7). It changes nothing, and",
            "the mirror may run. Exit status 4: something is broken."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true)
final class VerifyCommand implements Callable<Integer> {

    @Mixin
    private final UpkeepOptions upkeep = new UpkeepOptions();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Where the mirror of this directory serves, such as http://127.0.0.1:8080.")
    private Optional<URI> url = Optional.empty();

    @Mixin
    private final ObjectStoreOptions store = new ObjectStoreOptions();

    @Override
    public Integer call() throws InterruptedException {
        Logs.TEXT.start();
        url.ifPresent(this::requireHttp);
        Optional<S3Location> location = Main.usable(upkeep.command().getCommandSpec(), store::location);
        if (location.isEmpty() && !Files.isDirectory(upkeep.data())) {
            throw new StartException(
                    upkeep.data() + " is no directory: name the data directory of a mirror with --data");
        }
        try (Offline offline = new Offline(upkeep.data())) {
            int shared = location.isPresent() ? shared(location.get(), offline) : 0;
            StoredState stored = StoredState.read(upkeep.data(), offline);
            List<Broken> broken = new ArrayList<>(stored.broken());
            if (url.isPresent()) {
                broken.addAll(ServedState.compare(url.get(), offline, stored));
            }
            return Math.max(
                    shared, tell("", stored.snapshot(), stored.archives().size(), broken));
        } catch (ObjectStoreException away) {
            throw new StartException(String.valueOf(away.getMessage()));
        } catch (IOException unreadable) {
            throw new StartException(
                    "cannot read " + upkeep.data() + " (" + unreadable + "): check its permissions and the disk");
        }
    }

    private int shared(S3Location location, Offline offline) throws IOException {
        SharedState shared = SharedState.read(location, offline);
        return tell(" in " + location, shared.snapshot(), shared.archives(), shared.broken());
    }

    private void requireHttp(URI given) {
        if (given.getHost() == null || !String.valueOf(given.getScheme()).matches("https?")) {
            throw new ParameterException(
                    upkeep.command(), "--url " + given + " is no address such as http://127.0.0.1:8080");
        }
    }

    private int tell(String place, Optional<Snapshot> snapshot, int archives, List<Broken> broken) {
        broken.forEach(one -> upkeep.say(one.toString()));
        upkeep.say("read %s and %d archives%s: %s"
                .formatted(
                        snapshot.map(Snapshot::revision)
                                .map("the snapshot of commit "::concat)
                                .orElse("no snapshot"),
                        archives,
                        place,
                        broken.isEmpty() ? "nothing is broken" : broken.size() + " broken"));
        return broken.isEmpty() ? 0 : UpkeepOptions.INTEGRITY;
    }
}
