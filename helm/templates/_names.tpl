{{- define "mirror.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "mirror.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "mirror.labels" -}}
{{ include "mirror.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "mirror.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}{{ else }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{/* Whether there may be more than one replica: true, or nothing. */}}
{{- define "mirror.several" -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicas) 1) }}true{{ end }}
{{- end }}

{{/* Whether a volume outlives the pod: true, or nothing. What replicas share in an object store need not be kept a second time. */}}
{{- define "mirror.keeps" -}}
{{- if and .Values.persistence.enabled (not .Values.store.s3.bucket) }}true{{ end }}
{{- end }}

{{/* Whether a pod keeps archives of the object store at hand: true, or nothing. */}}
{{- define "mirror.caches" -}}
{{- if and .Values.store.s3.bucket .Values.store.s3.archiveCache.size }}true{{ end }}
{{- end }}

{{/* The configuration file: what the values say, and what the chart sees to. */}}
{{- define "mirror.config" -}}
{{- $own := dict "host" "0.0.0.0" "port" 8080 "management-port" 8081 "data" "/data" }}
{{- if .Values.tls.secretName }}
{{- $own = merge $own (dict "tls-certificate" "/tls/tls.crt" "tls-key" "/tls/tls.key") }}
{{- end }}
{{- if .Values.webhookSecret.name }}
{{- $own = merge $own (dict "webhook-secret-file" "/webhook/secret") }}
{{- end }}
{{- with .Values.store.s3 }}
{{- if .bucket }}
{{- $own = merge $own (dict "object-store" (printf "s3://%s" (list .bucket .prefix | compact | join "/")) "s3-region" .region) }}
{{- if .endpoint }}
{{- $own = merge $own (dict "s3-endpoint" .endpoint) }}
{{- end }}
{{- if .archiveCache.size }}
{{- $own = merge $own (dict "archive-cache" (printf "/cache,%sB" .archiveCache.size)) }}
{{- end }}
{{- end }}
{{- end }}
{{- toYaml (merge $own .Values.config) }}
{{- end }}

{{/* The port of the object store, or nothing where there is none. */}}
{{- define "mirror.storePort" -}}
{{- with .Values.store.s3 }}
{{- if .bucket }}{{ regexFind ":[0-9]+/?$" .endpoint | trimPrefix ":" | trimSuffix "/" | default (hasPrefix "http:" .endpoint | ternary "80" "443") }}{{ end }}
{{- end }}
{{- end }}

{{/* A quantity of memory in MiB; the schema takes Mi and Gi alone. */}}
{{- define "mirror.mebibytes" -}}
{{- if hasSuffix "Gi" . }}{{ mul (trimSuffix "Gi" . | int) 1024 }}{{ else }}{{ trimSuffix "Mi" . | int }}{{ end }}
{{- end }}

{{/* What the JVM is told. */}}
{{- define "mirror.jvmOptions" -}}
{{- $options := .Values.jvm.options }}
{{- if .Values.jvm.trustStore.secretName }}{{ $options = append $options "-Djavax.net.ssl.trustStore=/trust/truststore" }}{{ end }}
{{- join " " $options }}
{{- end }}

{{/* What a pod asks of its node. Without a volume it fills the node's disk, which the scheduler has to know of. */}}
{{- define "mirror.resources" -}}
{{- $resources := deepCopy .Values.resources }}
{{- if not (include "mirror.keeps" .) }}
{{- $mebibytes := 2048 }}
{{- if include "mirror.caches" . }}{{ $mebibytes = add $mebibytes (include "mirror.mebibytes" .Values.store.s3.archiveCache.size) }}{{ end }}
{{- $resources = merge $resources (dict "requests" (dict "ephemeral-storage" (printf "%dMi" $mebibytes))) }}
{{- end }}
{{- toYaml $resources }}
{{- end }}
