package io.github.mirrorservice.mirror.chart;

import static io.github.mirrorservice.mirror.chart.Chart.at;
import static io.github.mirrorservice.mirror.chart.Chart.one;
import static io.github.mirrorservice.mirror.chart.Chart.render;
import static io.github.mirrorservice.mirror.chart.Chart.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChartTest {

    /** Kubernetes' own kinds, by the names of their schemas. */
    private static final Map<String, String> SCHEMAS = Map.ofEntries(
            Map.entry("StatefulSet", "V1StatefulSet"),
            Map.entry("Deployment", "V1Deployment"),
            Map.entry("Service", "V1Service"),
            Map.entry("ConfigMap", "V1ConfigMap"),
            Map.entry("ServiceAccount", "V1ServiceAccount"),
            Map.entry("Ingress", "V1Ingress"),
            Map.entry("NetworkPolicy", "V1NetworkPolicy"),
            Map.entry("PodDisruptionBudget", "V1PodDisruptionBudget"),
            Map.entry("HorizontalPodAutoscaler", "V2HorizontalPodAutoscaler"));

    /** What others than Kubernetes define. */
    private static final Map<String, Class<?>> OTHERS = Map.of(
            "HTTPRoute", HTTPRoute.class,
            "ServiceMonitor", ServiceMonitor.class,
            "PodMonitor", PodMonitor.class,
            "PrometheusRule", PrometheusRule.class);

    /** Takes no field that a class does not know, where those of fabric8 would keep it aside. */
    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            });

    private static final String[] EVERYTHING = {
        "replicas=3",
        "store.s3.bucket=opam",
        "store.s3.prefix=mirrors/one",
        "store.s3.endpoint=https://store.example:7480",
        "store.s3.region=default",
        "store.s3.existingSecret=s",
        "config.log-poll=2s",
        "config.remote=https://git.example/r.git",
        "config.poll=30s",
        "config.max-connections=20000",
        "tls.secretName=t",
        "webhookSecret.name=w",
        "image.digest=sha256:" + "a".repeat(64),
        "image.pullSecrets[0].name=p",
        "ingress.enabled=true",
        "ingress.host=opam.example",
        "ingress.className=nginx",
        "ingress.tlsSecretName=i",
        "ingress.annotations.a=b",
        "httpRoute.enabled=true",
        "httpRoute.parentRefs[0].name=gateway",
        "httpRoute.hostnames[0]=opam.example",
        "networkPolicy.enabled=true",
        "networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.name=monitoring",
        "metrics.serviceMonitor.enabled=true",
        "metrics.serviceMonitor.labels.release=prometheus",
        "metrics.rules.enabled=true",
        "metrics.dashboard.enabled=true",
        "service.type=LoadBalancer",
        "service.annotations.a=b",
        "podLabels.a=b",
        "podAnnotations.a=b",
        "priorityClassName=high",
        "nodeSelector.disk=fast",
        "tolerations[0].key=k",
        "topologySpreadConstraints[0].maxSkew=1",
        "topologySpreadConstraints[0].topologyKey=zone",
        "topologySpreadConstraints[0].whenUnsatisfiable=ScheduleAnyway",
    };

    static Stream<List<String>> valueSets() {
        return Stream.of(
                List.of(),
                List.of(EVERYTHING),
                List.of("persistence.enabled=false"),
                List.of("store.s3.bucket=opam"),
                List.of(
                        "store.s3.bucket=opam",
                        "store.s3.archiveCache.size=",
                        "persistence.enabled=false",
                        "replicas=3"),
                List.of("persistence.existingClaim=mine"),
                List.of("persistence.storageClass=fast", "persistence.accessMode=ReadWriteOncePod"),
                List.of("store.s3.bucket=opam", "autoscaling.enabled=true"),
                List.of(
                        "extraVolumes[0].name=ssh",
                        "extraVolumes[0].secret.secretName=ssh",
                        "extraVolumeMounts[0].name=ssh",
                        "extraVolumeMounts[0].mountPath=/ssh"),
                List.of("remoteSecret.name=git", "webhookSecret.name=forge"),
                List.of("metrics.podMonitor.enabled=true"),
                List.of("preStopSeconds=0", "terminationGracePeriodSeconds=30"),
                List.of("resources.limits.memory=512Mi"),
                List.of("image.tag=latest", "image.digest=sha256:" + "a".repeat(64)),
                List.of("ingress.enabled=true", "ingress.host=*.example", "ingress.tlsSecretName=i"));
    }

    @Test
    void helm_finds_nothing_to_complain_of() {
        LintResult lint = new Helm(Chart.PATH).lint().strict().call();
        assertThat(lint.isFailed()).as(String.join("\n", lint.getMessages())).isFalse();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void every_document_is_what_kubernetes_takes(List<String> values) throws Exception {
        for (JsonObject document : render(values.toArray(String[]::new))) {
            String kind = Chart.kind(document);
            Class<?> other = OTHERS.get(kind);
            if (other != null) {
                STRICT.readValue(document.toString(), other);
            } else {
                requireValid(document, SCHEMAS.get(kind));
            }
            assertThat(text(document, "metadata", "name")).startsWith("r-mirror-service");
            assertThat(at(document, "metadata", "labels").getAsJsonObject().keySet())
                    .contains(
                            "app.kubernetes.io/name",
                            "app.kubernetes.io/instance",
                            "app.kubernetes.io/version",
                            "app.kubernetes.io/managed-by",
                            "helm.sh/chart");
        }
    }

    private static void requireValid(JsonObject document, @org.jspecify.annotations.Nullable String schema)
            throws ReflectiveOperationException {
        assertThat(schema).as("a schema for " + document.get("kind")).isNotNull();
        try {
            Class.forName("io.kubernetes.client.openapi.models." + schema)
                    .getMethod("validateJsonElement", JsonElement.class)
                    .invoke(null, document);
        } catch (InvocationTargetException refused) {
            throw new AssertionError(document + " is no " + schema, refused.getCause());
        }
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void the_pod_is_restricted_found_and_ended_in_order(List<String> values) {
        List<JsonObject> documents = render(values.toArray(String[]::new));
        JsonObject workload = documents.stream()
                .filter(document -> List.of("StatefulSet", "Deployment").contains(Chart.kind(document)))
                .findFirst()
                .orElseThrow();
        JsonElement labels = at(workload, "spec", "template", "metadata", "labels");
        assertThat(labels.getAsJsonObject().entrySet())
                .containsAll(at(workload, "spec", "selector", "matchLabels")
                        .getAsJsonObject()
                        .entrySet());
        documents.stream()
                .filter(document -> Chart.kind(document).equals("Service"))
                .forEach(service -> assertThat(labels.getAsJsonObject().entrySet())
                        .containsAll(at(service, "spec", "selector")
                                .getAsJsonObject()
                                .entrySet()));

        JsonElement pod = at(workload, "spec", "template", "spec");
        assertThat(at(pod, "automountServiceAccountToken").getAsBoolean()).isFalse();
        assertThat(at(pod, "enableServiceLinks").getAsBoolean()).isFalse();
        assertThat(at(pod, "securityContext", "runAsNonRoot").getAsBoolean()).isTrue();
        assertThat(text(pod, "securityContext", "seccompProfile", "type")).isEqualTo("RuntimeDefault");

        JsonElement mirror = at(pod, "containers", 0);
        assertThat(at(mirror, "securityContext", "readOnlyRootFilesystem").getAsBoolean())
                .isTrue();
        assertThat(at(mirror, "securityContext", "allowPrivilegeEscalation").getAsBoolean())
                .isFalse();
        assertThat(text(mirror, "securityContext", "capabilities", "drop", 0)).isEqualTo("ALL");
        assertThat(at(mirror, "resources", "limits").getAsJsonObject().keySet()).containsExactly("memory");
        assertThat(text(mirror, "image")).doesNotEndWith(":latest").contains("mirror-service");
        assertThat(ports(mirror)).containsExactly("http", "management");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(text(mirror, probe, "httpGet", "port")).isEqualTo("management");
        }
        assertThat(volumes(pod))
                .containsAll(mounts(mirror)
                        .filter(name -> !claims(workload).contains(name))
                        .toList());

        int pause = mirror.getAsJsonObject().has("lifecycle")
                ? at(mirror, "lifecycle", "preStop", "sleep", "seconds").getAsInt()
                : 0;
        assertThat(at(pod, "terminationGracePeriodSeconds").getAsInt()).isGreaterThanOrEqualTo(pause + 30);
    }

    private static List<String> ports(JsonElement container) {
        return names(at(container, "ports")).toList();
    }

    private static List<String> volumes(JsonElement pod) {
        return names(at(pod, "volumes")).toList();
    }

    private static Stream<String> mounts(JsonElement container) {
        return names(at(container, "volumeMounts"));
    }

    private static List<String> claims(JsonObject workload) {
        JsonObject spec = at(workload, "spec").getAsJsonObject();
        List<String> claims = new ArrayList<>();
        if (spec.has("volumeClaimTemplates")) {
            spec.getAsJsonArray("volumeClaimTemplates").forEach(claim -> claims.add(text(claim, "metadata", "name")));
        }
        return claims;
    }

    private static Stream<String> names(JsonElement list) {
        return list.getAsJsonArray().asList().stream().map(element -> text(element, "name"));
    }

    @Test
    void what_is_kept_has_a_volume_of_its_own_and_what_is_not_has_none() {
        assertThat(claims(one(render(), "StatefulSet"))).containsExactly("data");
        assertThat(claims(one(render("persistence.existingClaim=mine"), "StatefulSet")))
                .isEmpty();
        assertThat(text(one(render("persistence.enabled=false"), "Deployment"), "metadata", "name"))
                .isEqualTo("r-mirror-service");
    }

    @Test
    void a_remote_with_a_password_comes_from_a_secret() {
        JsonElement mirror =
                at(one(render("remoteSecret.name=git"), "StatefulSet"), "spec", "template", "spec", "containers", 0);
        assertThat(text(mirror, "env", 1, "name")).isEqualTo("MIRROR_REMOTE");
        assertThat(text(mirror, "env", 1, "valueFrom", "secretKeyRef", "name")).isEqualTo("git");
    }

    /** A rule of its own would be one for all ports when there are none: so Kubernetes reads it. */
    @Test
    void authorities_of_ones_own_are_trusted_beside_all_else_that_the_jvm_is_told() {
        JsonElement pod = at(one(render("jvm.trustStore.secretName=trust"), "StatefulSet"), "spec", "template", "spec");

        assertThat(text(pod, "containers", 0, "env", 0, "value"))
                .contains("-XX:MaxRAMPercentage=50", "-Djavax.net.ssl.trustStore=/trust/truststore");
        assertThat(at(pod, "containers", 0, "volumeMounts").toString()).contains("\"/trust\"");
        assertThat(at(pod, "volumes").toString()).contains("{\"key\":\"truststore.jks\",\"path\":\"truststore\"}");
    }

    @Test
    void the_ports_of_the_network_are_in_one_rule_with_those_for_names() {
        JsonElement egress = at(one(render("networkPolicy.enabled=true"), "NetworkPolicy"), "spec", "egress");
        assertThat(egress.getAsJsonArray()).hasSize(1);
        assertThat(at(egress, 0, "ports").getAsJsonArray().asList().stream()
                        .map(port -> at(port, "port").getAsInt()))
                .containsExactly(53, 53, 80, 443);
    }

    @Test
    void the_pod_that_tries_the_mirror_is_none(@TempDir Path copy) throws IOException {
        List<JsonObject> documents = Chart.documents(new Helm(withoutHooks(copy))
                .template()
                .withKubeVersion("1.33.0")
                .call());
        JsonObject tries = one(documents, "Pod");
        assertThat(at(tries, "metadata", "labels").getAsJsonObject().keySet()).doesNotContain("app.kubernetes.io/name");
        assertThat(text(tries, "spec", "securityContext", "seccompProfile", "type"))
                .isEqualTo("RuntimeDefault");
    }

    /** The engine keeps hooks to itself. */
    private static Path withoutHooks(Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(Chart.PATH)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(Chart.PATH.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.writeString(target, Files.readString(file).replace("helm.sh/hook: test", "no/hook: test"));
            }
        }
        return copy;
    }

    @Test
    void another_configuration_makes_other_pods() {
        assertThat(checksum(render("config.poll=30s"))).isNotEqualTo(checksum(render("config.poll=31s")));
        assertThat(checksum(render())).isEqualTo(checksum(render("podLabels.a=b")));
    }

    private static String checksum(List<JsonObject> documents) {
        return text(one(documents, "StatefulSet"), "spec", "template", "metadata", "annotations", "checksum/config");
    }

    @Test
    void the_rules_and_the_dashboard_are_those_of_the_files() {
        List<JsonObject> documents = render("metrics.rules.enabled=true", "metrics.dashboard.enabled=true");
        assertThat(at(one(documents, "PrometheusRule"), "spec", "groups", 0, "rules")
                        .getAsJsonArray())
                .hasSizeGreaterThan(10);
        JsonObject dashboard = documents.stream()
                .filter(document -> text(document, "metadata", "name").endsWith("-dashboard"))
                .findFirst()
                .orElseThrow();
        assertThat(text(dashboard, "data", "mirror-service.json")).contains("\"panels\"");
        assertThat(text(dashboard, "metadata", "labels", "grafana_dashboard")).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "replicas=2 ; a bucket that they share in store.s3.bucket",
                "autoscaling.enabled=true persistence.enabled=false ; set replicas to 1 and autoscaling.enabled to false",
                "store.s3.bucket=opam persistence.existingClaim=c ; leave it empty",
                "store.s3.endpoint=http://store.example ; set store.s3.bucket",
                "store.s3.existingSecret=s ; set store.s3.bucket",
                "persistence.enabled=false persistence.existingClaim=c ; set persistence.enabled to true",
                "metrics.serviceMonitor.enabled=true metrics.podMonitor.enabled=true ; enable one of them",
                "networkPolicy.enabled=true metrics.podMonitor.enabled=true ; networkPolicy.metricsFrom",
                "store.s3.bucket=opam autoscaling.enabled=true autoscaling.minReplicas=9 ; lower it",
                "resources.limits.memory=256Mi ; 512Mi or more",
                "terminationGracePeriodSeconds=30 ; raise it",
                "ingress.enabled=true ; ingress.host",
                "httpRoute.enabled=true ; the gateway",
                "remoteSecret.name=s config.remote=x ; remove one",
                "image.tag=latest ; name a version",
            })
    void an_unsafe_mix_is_refused_with_its_remedy(String values, String remedy) {
        assertThatThrownBy(() -> render(values.split(" "))).hasMessageContaining(remedy);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replica=2",
                "image.name=x",
                "config.pol=60s",
                "config.port=1",
                "config.object-store=s3://opam",
                "store.s3.buket=opam",
                "store.s3.bucket=Opam",
                "store.s3.prefix=/opam",
                "store.s3.endpoint=store.example",
                "store.s3.endpoint=https://store.example/opam",
                "store.s3.region=",
                "store.s3.archiveCache.size=10GiB",
                "store.s3.secretKeys.token=t",
                "autoscaling.minReplicas=1",
                "persistence.siez=1Gi",
                "resources.limits.memory=1G",
                "resources.limits.gpu=1",
                "autoscaling.enabled=yes",
                "metrics.rules.label=x",
                "service.port=0",
                "tests.image=curl:latest",
                "jvm.options[0]=two words",
            })
    void what_the_chart_does_not_know_is_refused(String value) {
        assertThatThrownBy(() -> render(value)).hasMessageContaining("schema");
    }
}
