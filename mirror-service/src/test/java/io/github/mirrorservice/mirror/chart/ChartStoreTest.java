package io.github.mirrorservice.mirror.chart;

import static io.github.mirrorservice.mirror.chart.Chart.at;
import static io.github.mirrorservice.mirror.chart.Chart.one;
import static io.github.mirrorservice.mirror.chart.Chart.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replicas that share an object store. */
final class ChartStoreTest {

    /** With a bucket, and these settings. */
    private static List<JsonObject> render(String... settings) {
        return Chart.render(Stream.concat(Stream.of("store.s3.bucket=opam"), Stream.of(settings))
                .toArray(String[]::new));
    }

    private static JsonElement pod(List<JsonObject> documents) {
        return at(one(documents, "Deployment"), "spec", "template", "spec");
    }

    /** What is in a list, by its name. */
    private static JsonObject named(JsonElement list) {
        JsonObject named = new JsonObject();
        list.getAsJsonArray().forEach(element -> named.add(text(element, "name"), element));
        return named;
    }

    private static Stream<JsonObject> ofKind(List<JsonObject> documents, String kind) {
        return documents.stream().filter(document -> Chart.kind(document).equals(kind));
    }

    @Test
    void a_new_pod_is_ready_before_an_old_one_goes() {
        JsonElement spec = at(one(render("replicas=3"), "Deployment"), "spec");

        assertThat(at(spec, "replicas").getAsInt()).isEqualTo(3);
        assertThat(text(spec, "strategy", "type")).isEqualTo("RollingUpdate");
        assertThat(at(spec, "strategy", "rollingUpdate", "maxUnavailable").getAsInt())
                .isZero();
        assertThat(at(spec, "strategy", "rollingUpdate", "maxSurge").getAsInt()).isOne();
    }

    @Test
    void what_a_pod_has_ends_with_it() {
        List<JsonObject> documents = render("replicas=3");

        assertThat(ofKind(documents, "StatefulSet")).isEmpty();
        assertThat(documents.toString()).doesNotContain("PersistentVolumeClaim", "persistentVolumeClaim");
        JsonObject volumes = named(at(pod(documents), "volumes"));
        assertThat(text(volumes, "data", "emptyDir", "sizeLimit")).isEqualTo("20Gi");
        // A quarter and 1 GiB more than what is kept.
        assertThat(text(volumes, "cache", "emptyDir", "sizeLimit")).isEqualTo("13824Mi");
        assertThat(text(
                        named(at(pod(documents), "containers", 0, "volumeMounts"))
                                .get("cache"),
                        "mountPath"))
                .isEqualTo("/cache");
    }

    @Test
    void what_it_may_fill_of_the_disk_of_its_node_is_requested() {
        assertThat(request(render(), "ephemeral-storage")).isEqualTo("12288Mi");
        assertThat(request(render("store.s3.archiveCache.size="), "ephemeral-storage"))
                .isEqualTo("2048Mi");
        assertThat(request(render("resources.requests.ephemeral-storage=1Gi"), "ephemeral-storage"))
                .isEqualTo("1Gi");
        assertThat(request(render(), "cpu")).isEqualTo("250m");
    }

    private static String request(List<JsonObject> documents, String resource) {
        return text(pod(documents), "containers", 0, "resources", "requests", resource);
    }

    @Test
    void archives_need_not_be_kept_at_hand() {
        List<JsonObject> documents = render("store.s3.archiveCache.size=");

        assertThat(named(at(pod(documents), "volumes")).keySet()).doesNotContain("cache");
        assertThat(config(documents)).doesNotContain("cache");
    }

    @Test
    void the_mirror_is_told_where_the_bucket_is() {
        assertThat(config(render("store.s3.region=default", "store.s3.archiveCache.size=512Mi")))
                .contains("object-store: s3://opam\n", "s3-region: default\n", "archive-cache: /cache,512MiB\n")
                .doesNotContain("s3-endpoint");
        assertThat(config(render("store.s3.prefix=a/b", "store.s3.endpoint=http://store.example:7480")))
                .contains("object-store: s3://opam/a/b\n", "s3-endpoint: http://store.example:7480\n");
    }

    private static String config(List<JsonObject> documents) {
        return text(one(documents, "ConfigMap"), "data", "config.yaml");
    }

    @Test
    void credentials_come_from_a_secret_and_stand_nowhere_else() {
        List<JsonObject> documents = render("store.s3.existingSecret=keys");

        assertThat(secret(documents, "AWS_ACCESS_KEY_ID")).contains("keys/AWS_ACCESS_KEY_ID");
        assertThat(secret(documents, "AWS_SECRET_ACCESS_KEY")).contains("keys/AWS_SECRET_ACCESS_KEY");
        assertThat(one(documents, "ConfigMap").toString()).doesNotContain("AWS_", "keys");
        assertThat(ofKind(documents, "Secret")).isEmpty();
    }

    @Test
    void its_keys_may_have_other_names() {
        List<JsonObject> documents = render(
                "store.s3.existingSecret=keys", "store.s3.secretKeys.id=user", "store.s3.secretKeys.secret=password");

        assertThat(secret(documents, "AWS_ACCESS_KEY_ID")).contains("keys/user");
        assertThat(secret(documents, "AWS_SECRET_ACCESS_KEY")).contains("keys/password");
    }

    @Test
    void without_a_secret_the_mirror_finds_credentials_by_itself() {
        assertThat(secret(render(), "AWS_ACCESS_KEY_ID")).isEmpty();
    }

    /** Which secret a variable comes from, and by which key. */
    private static Optional<String> secret(List<JsonObject> documents, String variable) {
        return Optional.ofNullable(
                        named(at(pod(documents), "containers", 0, "env")).get(variable))
                .map(env -> at(env, "valueFrom", "secretKeyRef"))
                .map(from -> text(from, "name") + '/' + text(from, "key"));
    }

    @Test
    void several_pods_are_spread_unless_told_how() {
        assertThat(spread(render("replicas=2")))
                .containsExactly("topology.kubernetes.io/zone ScheduleAnyway", "kubernetes.io/hostname ScheduleAnyway");
        assertThat(spread(render("autoscaling.enabled=true"))).hasSize(2);
        assertThat(spread(render(
                        "replicas=2",
                        "topologySpreadConstraints[0].topologyKey=rack",
                        "topologySpreadConstraints[0].whenUnsatisfiable=DoNotSchedule")))
                .containsExactly("rack DoNotSchedule");
        assertThat(pod(render()).getAsJsonObject().has("topologySpreadConstraints"))
                .isFalse();
    }

    private static Stream<String> spread(List<JsonObject> documents) {
        return at(pod(documents), "topologySpreadConstraints").getAsJsonArray().asList().stream()
                .map(each -> text(each, "topologyKey") + ' ' + text(each, "whenUnsatisfiable"));
    }

    @Test
    void the_pods_that_are_spread_are_those_of_this_release() {
        JsonObject deployment = one(render("replicas=2"), "Deployment");

        assertThat(at(deployment, "spec", "template", "spec", "topologySpreadConstraints", 0, "labelSelector"))
                .isEqualTo(at(deployment, "spec", "selector"));
    }

    @Test
    void drains_of_nodes_take_one_of_several_pods_at_a_time() {
        JsonElement budget = at(one(render("replicas=2"), "PodDisruptionBudget"), "spec");
        assertThat(at(budget, "maxUnavailable").getAsInt()).isOne();
        assertThat(at(budget, "selector")).isEqualTo(at(one(render("replicas=2"), "Deployment"), "spec", "selector"));
        assertThat(ofKind(render("autoscaling.enabled=true"), "PodDisruptionBudget"))
                .hasSize(1);

        assertThat(ofKind(render(), "PodDisruptionBudget")).isEmpty();
        assertThat(ofKind(render("replicas=2", "podDisruptionBudget.enabled=false"), "PodDisruptionBudget"))
                .isEmpty();
    }

    @Test
    void what_is_scaled_is_there_and_counts_no_replicas_itself() {
        List<JsonObject> documents = render("autoscaling.enabled=true");
        JsonElement scaler = at(one(documents, "HorizontalPodAutoscaler"), "spec");
        JsonObject deployment = one(documents, "Deployment");

        assertThat(text(scaler, "scaleTargetRef", "kind")).isEqualTo("Deployment");
        assertThat(at(scaler, "scaleTargetRef", "name")).isEqualTo(at(deployment, "metadata", "name"));
        assertThat(at(scaler, "minReplicas").getAsInt()).isEqualTo(2);
        assertThat(at(deployment, "spec").getAsJsonObject().has("replicas")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "http://store.example:7480 ; 53 53 80 443 7480",
                "http://[::1]:9000/ ; 53 53 80 443 9000",
                "http://[::1] ; 53 53 80 443",
                "https://store.example ; 53 53 80 443",
            })
    void the_network_lets_it_reach_the_store(String endpoint, String ports) {
        assertThat(ports(render("networkPolicy.enabled=true", "store.s3.endpoint=" + endpoint)))
                .isEqualTo(ports);
    }

    @Test
    void a_port_that_nothing_else_needs_is_open_for_the_store() {
        assertThat(ports(render("networkPolicy.enabled=true", "networkPolicy.egressPorts[0]=22")))
                .isEqualTo("53 53 22 443");
        assertThat(ports(render(
                        "networkPolicy.enabled=true",
                        "networkPolicy.egressPorts[0]=22",
                        "store.s3.endpoint=http://store.example")))
                .isEqualTo("53 53 22 80");
    }

    private static String ports(List<JsonObject> documents) {
        return at(one(documents, "NetworkPolicy"), "spec", "egress", 0, "ports").getAsJsonArray().asList().stream()
                .map(port -> text(port, "port"))
                .collect(Collectors.joining(" "));
    }
}
