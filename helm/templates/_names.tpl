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

{{/* The configuration file: what the values say, and what the chart sees to. */}}
{{- define "mirror.config" -}}
{{- $own := dict "host" "0.0.0.0" "port" 8080 "management-port" 8081 "data" "/data" }}
{{- if .Values.tls.secretName }}
{{- $own = merge $own (dict "tls-certificate" "/tls/tls.crt" "tls-key" "/tls/tls.key") }}
{{- end }}
{{- if .Values.webhookSecret.name }}
{{- $own = merge $own (dict "webhook-secret-file" "/webhook/secret") }}
{{- end }}
{{- toYaml (merge $own .Values.config) }}
{{- end }}

{{/* A quantity of memory in MiB; the schema takes Mi and Gi alone. */}}
{{- define "mirror.mebibytes" -}}
{{- if hasSuffix "Gi" . }}{{ mul (trimSuffix "Gi" . | int) 1024 }}{{ else }}{{ trimSuffix "Mi" . | int }}{{ end }}
{{- end }}
