package io.github.mirrorservice.mirror.chart;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The chart of this repository. */
public final class Chart {

    static final Path PATH = Path.of("..", "helm");

    private static final Gson GSON = new Gson();

    private Chart() {}

    /** The documents that these settings make, each as {@code name=value}; fails as Helm does. */
    static List<JsonObject> render(String... settings) {
        TemplateCommand template =
                new Helm(PATH).template().withName("r").withNamespace("n").withKubeVersion("1.33.0");
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            template.set(parts[0], parts[1]);
        }
        return documents(template.call());
    }

    static List<JsonObject> documents(String yaml) {
        Iterable<Object> all = new Load(LoadSettings.builder().build()).loadAllFromString(yaml);
        return StreamSupport.stream(all.spliterator(), false)
                .map(GSON::toJsonTree)
                .filter(JsonElement::isJsonObject)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    /** The configuration file that these settings make. */
    public static String config(String... settings) {
        return text(one(render(settings), "ConfigMap"), "data", "config.yaml");
    }

    /** The one document of this kind. */
    static JsonObject one(List<JsonObject> documents, String kind) {
        List<JsonObject> found = documents.stream()
                .filter(document -> kind(document).equals(kind))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " documents of kind " + kind);
        }
        return found.get(0);
    }

    static String kind(JsonObject document) {
        return document.get("kind").getAsString();
    }

    /** What stands at the end of a path of keys and indices. */
    static JsonElement at(JsonElement from, Object... path) {
        JsonElement here = from;
        for (Object step : path) {
            here = step instanceof Integer index
                    ? here.getAsJsonArray().get(index)
                    : here.getAsJsonObject().get(step.toString());
            if (here == null) {
                throw new AssertionError(
                        "nothing at " + step + " of " + Stream.of(path).toList() + " in " + from);
            }
        }
        return here;
    }

    static String text(JsonElement from, Object... path) {
        return at(from, path).getAsString();
    }
}
