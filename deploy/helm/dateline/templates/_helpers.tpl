{{- define "dateline.fullname" -}}
{{- default .Release.Name .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "dateline.selector" -}}
app.kubernetes.io/name: dateline
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{/* An object's labels, each once: those of dict "own", then the chart's, then those of dict "more", then
     commonLabels. Takes the root, or a dict of "root" and these. */}}
{{- define "dateline.labels" -}}
{{- $root := default . .root -}}
{{- $chart := dict
      "app.kubernetes.io/version" $root.Chart.AppVersion
      "app.kubernetes.io/managed-by" $root.Release.Service
      "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version) -}}
{{- $selector := include "dateline.selector" $root | fromYaml -}}
{{- merge (dict) (default dict .own) $selector $chart (default dict .more) $root.Values.commonLabels | toYaml -}}
{{- end -}}

{{/* The same of what belongs to a component: dict "root", "component" and, where there are some, "more". */}}
{{- define "dateline.componentLabels" -}}
{{- include "dateline.labels" (dict "root" .root "own" (dict "app.kubernetes.io/component" .component) "more" .more) -}}
{{- end -}}

{{- define "dateline.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ default $.Chart.AppVersion .tag }}{{ end }}
{{- end -}}
{{- end -}}

{{/* The gRPC port of a service; that of health checks is 1000 above, that of its metrics 2000. */}}
{{- define "dateline.port" -}}
{{- get (dict "fetcher" 7401 "parser" 7402 "store" 7403) . -}}
{{- end -}}

{{/* The port of a URL. */}}
{{- define "dateline.urlPort" -}}
{{- $host := regexReplaceAll "^https?://([^/]*).*" . "${1}" -}}
{{- regexFind ":[0-9]+$" $host | trimPrefix ":" | default (hasPrefix "https" . | ternary "443" "80") -}}
{{- end -}}

{{- define "dateline.topics" -}}
{{- .Files.Get "topics.json" -}}
{{- end -}}

{{/* The partitions of a topic: dict "root" and "topic". */}}
{{- define "dateline.partitions" -}}
{{- $topic := .topic -}}
{{- range (include "dateline.topics" .root | fromJson).topics }}{{ if eq .name $topic }}{{ int .partitions }}{{ end }}{{ end -}}
{{- end -}}

{{- define "dateline.kafkaBrokers" -}}
{{- if .Values.kafka.strimzi.enabled -}}
{{ include "dateline.fullname" . }}-kafka-bootstrap:9093
{{- else if .Values.kafka.dev.enabled -}}
{{ include "dateline.fullname" . }}-kafka-dev:9092
{{- else -}}
{{ .Values.kafka.bootstrapServers }}
{{- end -}}
{{- end -}}

{{- define "dateline.replicationFactor" -}}
{{- if .Values.kafka.dev.enabled }}1{{ else if .Values.kafka.strimzi.enabled }}{{ min .Values.kafka.replicationFactor .Values.kafka.strimzi.replicas }}{{ else }}{{ .Values.kafka.replicationFactor }}{{ end -}}
{{- end -}}

{{/* librdkafka's properties that are no secrets; empty where there are none. */}}
{{- define "dateline.kafkaProperties" -}}
{{- if .Values.kafka.strimzi.enabled -}}
security.protocol=ssl
ssl.ca.location=/etc/dateline/kafka-ca/ca.crt
ssl.certificate.location=/etc/dateline/kafka-user/user.crt
ssl.key.location=/etc/dateline/kafka-user/user.key
{{ end -}}
{{- range $name, $value := .Values.kafka.properties -}}
{{ $name }}={{ include "dateline.text" $value }}
{{ end -}}
{{- end -}}

{{- define "dateline.kafkaPropertiesFile" -}}
{{- if .Values.kafka.propertiesSecret.name -}}
/etc/dateline/kafka/{{ .Values.kafka.propertiesSecret.key }}
{{- else if include "dateline.kafkaProperties" . -}}
/etc/dateline/kafka/client.properties
{{- end -}}
{{- end -}}

{{/* Volumes for Kafka's settings: dict "root" and "component". */}}
{{- define "dateline.kafkaVolumes" -}}
{{- $name := include "dateline.fullname" .root -}}
{{- with .root.Values.kafka -}}
{{- if .propertiesSecret.name }}
- name: kafka
  secret:
    secretName: {{ .propertiesSecret.name }}
{{- else if include "dateline.kafkaProperties" $.root }}
- name: kafka
  configMap:
    name: {{ $name }}-kafka
{{- end }}
{{- if .certificatesSecret }}
- name: kafka-certificates
  secret:
    secretName: {{ .certificatesSecret }}
{{- end }}
{{- if .strimzi.enabled }}
- name: kafka-ca
  secret:
    secretName: {{ $name }}-cluster-ca-cert
    items:
      - {key: ca.crt, path: ca.crt}
- name: kafka-user
  secret:
    secretName: {{ $name }}-{{ $.component }}
    items:
      - {key: user.crt, path: user.crt}
      - {key: user.key, path: user.key}
{{- end }}
{{- end }}
{{- end -}}

{{- define "dateline.kafkaMounts" -}}
{{- if include "dateline.kafkaPropertiesFile" . }}
- {name: kafka, mountPath: /etc/dateline/kafka, readOnly: true}
{{- end }}
{{- if .Values.kafka.certificatesSecret }}
- {name: kafka-certificates, mountPath: /etc/dateline/kafka-certificates, readOnly: true}
{{- end }}
{{- if .Values.kafka.strimzi.enabled }}
- {name: kafka-ca, mountPath: /etc/dateline/kafka-ca, readOnly: true}
- {name: kafka-user, mountPath: /etc/dateline/kafka-user, readOnly: true}
{{- end }}
{{- end -}}

{{/* Secrets of certificates and tokens by the name of their volume, as YAML. */}}
{{- define "dateline.securitySecrets" -}}
{{- with .Values.security -}}
{{- if .tls.secret }}
tls: {{ .tls.secret }}
{{- end }}
{{- if eq .callers "certificates" }}
callers: {{ .certificates.secret }}
{{- end }}
{{- if eq .callers "tokens" }}
tokens: {{ .tokens.secret }}
{{- end }}
{{- end }}
{{- end -}}

{{/* A value as a flag takes it; numbers of YAML are floating-point here. */}}
{{- define "dateline.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end -}}

{{/* A service's flags as YAML: dict "root" and "component". What the values' flags say goes before. */}}
{{- define "dateline.flags" -}}
{{- $root := .root -}}
{{- $service := index $root.Values .component -}}
{{- $port := include "dateline.port" .component | int -}}
{{- $flags := dict
      "kafka_brokers" (include "dateline.kafkaBrokers" $root)
      "topic_prefix" $root.Values.topicPrefix
      "log_level" $root.Values.logLevel
      "listen" (printf "0.0.0.0:%d" $port)
      "health_listen" (printf "0.0.0.0:%d" (add $port 1000))
      "max_buffered_bytes" 134217728
      "metrics_listen" (printf "0.0.0.0:%d" (add $port 2000)) -}}
{{- with include "dateline.kafkaPropertiesFile" $root }}{{ $_ := set $flags "kafka_properties_file" . }}{{ end -}}
{{- with $root.Values.security -}}
{{- if has .callers (list "network" "anyone") }}{{ $_ := set $flags "allow_unauthenticated" true }}{{ end -}}
{{- if eq .callers "tokens" -}}
{{- $_ := set $flags "tokens_file" (printf "/etc/dateline/tokens/%s" .tokens.key) -}}
{{- if not .tls.secret }}{{ $_ := set $flags "allow_tokens_over_plaintext" true }}{{ end -}}
{{- end -}}
{{- if .tls.secret -}}
{{- $_ := set $flags "tls_certificate_file" "/etc/dateline/tls/tls.crt" -}}
{{- $_ := set $flags "tls_key_file" "/etc/dateline/tls/tls.key" -}}
{{- end -}}
{{- if eq .callers "certificates" }}{{ $_ := set $flags "tls_client_ca_file" "/etc/dateline/callers/ca.crt" }}{{ end -}}
{{- end -}}
{{- with $root.Values.tracing -}}
{{- if .endpoint -}}
{{- $_ := set $flags "otlp_traces_endpoint" .endpoint -}}
{{- $_ := set $flags "otlp_traces_ratio" .ratio -}}
{{- end -}}
{{- end -}}
{{- if and (ne .component "store") (ne $root.Values.valueFraming.kind "plain") -}}
{{- $_ := set $flags "value_framing" $root.Values.valueFraming.kind -}}
{{- with $root.Values.valueFraming.schemaRegistryUrl }}{{ $_ := set $flags "schema_registry_url" . }}{{ end -}}
{{- end -}}
{{- if eq .component "fetcher" -}}
{{- $_ := set $flags "contact" $service.contact -}}
{{- if $service.sources }}{{ $_ := set $flags "sources_file" "/etc/dateline/sources/sources.yaml" }}{{ end -}}
{{- else if eq .component "parser" -}}
{{- if $service.rules }}{{ $_ := set $flags "rules_dir" "/etc/dateline/rules" }}{{ end -}}
{{- else -}}
{{- $_ := set $flags "engine" $service.engine -}}
{{- if eq $service.engine "sqlite" -}}
{{- $_ := set $flags "database" "/var/lib/dateline/store.db" -}}
{{- else -}}
{{- with $service.opensearch.url }}{{ $_ := set $flags "opensearch_url" . }}{{ end -}}
{{- $_ := set $flags "opensearch_index" $service.opensearch.index -}}
{{- $_ := set $flags "opensearch_shards" $service.opensearch.shards -}}
{{- end -}}
{{- end -}}
{{- range $name, $value := $service.flags }}{{ $_ := set $flags $name $value }}{{ end -}}
{{- range $name, $value := $flags }}
DATELINE_{{ upper $name }}: {{ include "dateline.text" $value | quote }}
{{- end -}}
{{- end -}}

{{/* How grpcurl calls a service, as security has it. */}}
{{- define "dateline.grpcurlFlags" -}}
{{- with .Values.security -}}
{{- if .tls.secret }}-cacert ca.crt -authority NAME{{ else }}-plaintext{{ end -}}
{{- if eq .callers "certificates" }} -cert client.crt -key client.key{{ end -}}
{{- if eq .callers "tokens" }} -H "authorization: Bearer $TOKEN"{{ end -}}
{{- end -}}
{{- end -}}

{{- define "dateline.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "dateline.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* What the pods of all of Dateline's programs share. */}}
{{- define "dateline.podBasics" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  {{- include "dateline.podSecurity" . | nindent 2 }}
{{- end -}}

{{/* The pod template of a service: dict "root" and "component". */}}
{{- define "dateline.pod" -}}
{{- $root := .root -}}
{{- $component := .component -}}
{{- $name := include "dateline.fullname" $root -}}
{{- $service := index $root.Values $component -}}
{{- $port := include "dateline.port" $component | int -}}
metadata:
  labels:
    {{- include "dateline.componentLabels" (dict "root" $root "component" $component "more" $service.podLabels) | nindent 4 }}
  annotations:
    {{- $config := printf "%s%s%s%s" (include "dateline.flags" .) (include "dateline.kafkaProperties" $root) (get $service "sources") (get $service "rules" | toJson) }}
    {{- merge (dict "checksum/config" (sha256sum $config)) $service.podAnnotations | toYaml | nindent 4 }}
spec:
  serviceAccountName: {{ $name }}-{{ $component }}
  {{- include "dateline.podBasics" $root | nindent 2 }}
  terminationGracePeriodSeconds: {{ $service.terminationGracePeriodSeconds }}
  {{- with $service.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $service.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $service.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $service.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - topologyKey: {{ . }}
      maxSkew: 1
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "dateline.selector" $root | nindent 10 }}
          app.kubernetes.io/component: {{ $component }}
    {{- end }}
  containers:
    - name: {{ $component }}
      image: {{ include "dateline.image" $root | quote }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      command: [/usr/bin/dateline-{{ $component }}]
      envFrom:
        - configMapRef:
            name: {{ $name }}-{{ $component }}
      {{- with $service.secretEnv }}
      env:
        {{- range . }}
        - name: DATELINE_{{ upper .name }}
          valueFrom:
            secretKeyRef: {name: {{ .secret }}, key: {{ .key }}}
        {{- end }}
      {{- end }}
      ports:
        - {name: grpc, containerPort: {{ $port }}}
        # Health checks only, in plaintext: the kubelet's probes speak nothing else.
        - {name: health, containerPort: {{ add $port 1000 }}}
        - {name: metrics, containerPort: {{ add $port 2000 }}}
      # A store that has far to go lives without being ready.
      startupProbe:
        grpc: {port: {{ add $port 1000 }}, service: live}
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        grpc: {port: {{ add $port 1000 }}, service: live}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        grpc: {port: {{ add $port 1000 }}}
        periodSeconds: 5
        timeoutSeconds: 3
      lifecycle:
        preStop:
          sleep:
            seconds: {{ $root.Values.preStopSeconds }}
      securityContext:
        {{- include "dateline.containerSecurity" $root | nindent 8 }}
      resources:
        {{- toYaml $service.resources | nindent 8 }}
      volumeMounts:
        - {name: tmp, mountPath: /tmp}
        {{- include "dateline.kafkaMounts" $root | nindent 8 }}
        {{- range $volume, $secret := include "dateline.securitySecrets" $root | fromYaml }}
        - {name: {{ $volume }}, mountPath: /etc/dateline/{{ $volume }}, readOnly: true}
        {{- end }}
        {{- if get $service "sources" }}
        - {name: sources, mountPath: /etc/dateline/sources, readOnly: true}
        {{- end }}
        {{- if get $service "rules" }}
        - {name: rules, mountPath: /etc/dateline/rules, readOnly: true}
        {{- end }}
        {{- if eq (default "" (get $service "engine")) "sqlite" }}
        - {name: data, mountPath: /var/lib/dateline}
        {{- end }}
        {{- with $service.volumeMounts }}{{ toYaml . | nindent 8 }}{{ end }}
  volumes:
    - name: tmp
      emptyDir: {sizeLimit: 256Mi}
    {{- include "dateline.kafkaVolumes" . | nindent 4 }}
    {{- range $volume, $secret := include "dateline.securitySecrets" $root | fromYaml }}
    - name: {{ $volume }}
      secret:
        secretName: {{ $secret }}
    {{- end }}
    {{- if get $service "sources" }}
    - name: sources
      configMap:
        name: {{ $name }}-sources
    {{- end }}
    {{- if get $service "rules" }}
    - name: rules
      configMap:
        name: {{ $name }}-rules
    {{- end }}
    {{- with $service.volumes }}{{ toYaml . | nindent 4 }}{{ end }}
{{- end -}}
