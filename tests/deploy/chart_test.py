"""The Helm chart: linted, rendered over many values, and held against the schemas of Kubernetes.

DATELINE_CRDS may name a folder of CustomResourceDefinitions (Strimzi, KEDA, Prometheus' operator); without
it what is made for those is rendered, but not held against their schemas. DATELINE_HELM may name another helm.
"""
import copy
import functools
import ipaddress
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import jsonschema
import kubernetes_validate
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "deploy/helm/dateline"
HELM = os.environ.get("DATELINE_HELM", ROOT / "build/deps/bin/helm")
VALUES = ROOT / "tests/deploy/values"
CASES = sorted(path.stem for path in VALUES.glob("*.yaml"))
VERSIONS = ("1.30", "1.31", "1.32", "1.33", "1.34")
SERVICES = ("fetcher", "parser", "store")
BUILT_IN = ("v1", "apps/v1", "batch/v1", "policy/v1", "autoscaling/v2", "networking.k8s.io/v1")
PRIVATE = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "127.0.0.0/8",
           "fc00::/7", "fe80::/10"}


class UniqueKeys(yaml.SafeLoader):
    """Refuses a key that stands twice, which YAML forbids and PyYAML takes."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        if len(keys) != len(set(keys)):
            raise yaml.constructor.ConstructorError(None, None, f"a key stands twice: {sorted(keys)}", node.start_mark)
        return super().construct_mapping(node, deep)


def helm(*arguments):
    return subprocess.run([HELM, *map(str, arguments)], capture_output=True, text=True, timeout=60)


def template(*arguments):
    return helm("template", "news", CHART, "--namespace", "news", *arguments)


@functools.lru_cache
def rendered_text(case):
    done = template("--values", VALUES / f"{case}.yaml")
    if done.returncode:
        raise AssertionError(f"{case}: {done.stderr}")
    return done.stdout


def rendered(case):
    return [document for document in yaml.safe_load_all(rendered_text(case)) if document]


def of_kind(case, *kinds):
    return [document for document in rendered(case) if document["kind"] in kinds]


def named(case, kind, name):
    return next(document for document in of_kind(case, kind) if document["metadata"]["name"] == name)


def pod_templates(case):
    """Name and pod specification of all that makes pods."""
    for document in of_kind(case, "Deployment", "StatefulSet", "Job"):
        yield document["metadata"]["name"], document["spec"]["template"]["spec"]
    for document in of_kind(case, "Pod"):
        yield document["metadata"]["name"], document["spec"]


def restricted_violations(pod):
    """What of Pod Security's `restricted` a pod breaks."""
    security = pod.get("securityContext", {})
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(field):
            yield field
    for volume in pod.get("volumes", []):
        kinds = set(volume) - {"name"}
        if not kinds <= {"configMap", "emptyDir", "secret", "projected", "persistentVolumeClaim", "csi", "downwardAPI", "ephemeral"}:
            yield f"volume {volume['name']}"
    for container in pod["containers"] + pod.get("initContainers", []):
        own = container.get("securityContext", {})
        either = security | own
        if own.get("privileged"):
            yield "privileged"
        if own.get("allowPrivilegeEscalation") is not False:
            yield "allowPrivilegeEscalation"
        if own.get("capabilities", {}).get("drop") != ["ALL"] or own["capabilities"].get("add"):
            yield "capabilities"
        if either.get("runAsNonRoot") is not True or either.get("runAsUser") == 0:
            yield "runAsNonRoot"
        if either.get("seccompProfile", {}).get("type") not in ("RuntimeDefault", "Localhost"):
            yield "seccompProfile"
        if any("hostPort" in port for port in container.get("ports", [])):
            yield "hostPort"


def strict(schema):
    """A CRD's schema that takes no fields but those it names, as the API server with strict validation does."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: {name: strict(part) for name, part in value.items()} if key == "properties" else strict(value)
           for key, value in schema.items()}
    if "properties" in schema and "additionalProperties" not in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
        out["additionalProperties"] = False
    if schema.get("x-kubernetes-int-or-string"):
        out.pop("type", None)
    return out


@functools.lru_cache
def crd_schemas(folder):
    """The schema of each kind, by apiVersion and kind."""
    schemas = {}
    for path in pathlib.Path(folder).glob("*.yaml"):
        # Go's regular expressions may say so behind their anchor, Python's only before it.
        for crd in yaml.safe_load_all(path.read_text(encoding="utf-8").replace("^(?i)", "(?i)^")):
            for version in crd["spec"]["versions"]:
                schema = copy.deepcopy(version["schema"]["openAPIV3Schema"])
                schema["properties"] |= {"apiVersion": {}, "kind": {}, "metadata": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
                schemas[f"{crd['spec']['group']}/{version['name']}", crd["spec"]["names"]["kind"]] = strict(schema)
    return schemas


def peers(policy, direction):
    """The arrows of a policy: its peer and ports, as text that a person can compare."""
    end = {"ingress": "from", "egress": "to"}[direction]

    def name(peer):
        if "ipBlock" in peer:
            return peer["ipBlock"]["cidr"]
        labels = peer.get("podSelector", {}).get("matchLabels", {}) | peer.get("namespaceSelector", {}).get("matchLabels", {})
        for label in ("app.kubernetes.io/component", "strimzi.io/cluster", "dateline-client", "k8s-app", "kubernetes.io/metadata.name"):
            if label in labels:
                return f"{label.rsplit('/', 1)[-1]}={labels[label]}"
        return "own pods " + ",".join(peer["podSelector"]["matchExpressions"][0]["values"])

    return {f"{name(peer)}:{port['port']}" for rule in policy["spec"].get(direction, [])
            for peer in rule.get(end, [{"ipBlock": {"cidr": "anywhere"}}]) for port in rule["ports"]}


class ChartTest(unittest.TestCase):
    def test_lint_has_nothing_to_say(self):
        for case in CASES:
            done = helm("lint", "--strict", CHART, "--values", VALUES / f"{case}.yaml")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_object_is_valid_in_every_version_of_kubernetes(self):
        for case in CASES:
            documents = [document for document in rendered(case) if document["apiVersion"] in BUILT_IN]
            self.assertGreater(len(documents), 18, case)
            for version in VERSIONS:
                for document in documents:
                    with self.subTest(case=case, version=version, kind=document["kind"], name=document["metadata"]["name"]):
                        kubernetes_validate.validate(document, version, strict=True)

    def test_custom_resources_are_valid_under_their_definitions(self):
        folder = os.environ.get("DATELINE_CRDS")
        if not folder:
            self.skipTest("DATELINE_CRDS names no folder of CustomResourceDefinitions")
        kinds = set()
        for case in CASES:
            for document in rendered(case):
                if document["apiVersion"] in BUILT_IN:
                    continue
                kinds.add(document["kind"])
                with self.subTest(case=case, kind=document["kind"], name=document["metadata"]["name"]):
                    jsonschema.validate(document, crd_schemas(folder)[document["apiVersion"], document["kind"]])
        self.assertEqual(kinds, {"Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser", "PodMonitor", "PrometheusRule", "ScaledObject", "TriggerAuthentication"})

    def test_no_key_stands_twice_whatever_labels_and_annotations_are_set(self):
        labels = {"app.kubernetes.io/component": "mine", "app.kubernetes.io/name": "mine", "app.kubernetes.io/version": "mine",
                  "strimzi.io/cluster": "mine", "team": "all"}
        values = {"commonLabels": labels, **{f"{name}.labels": labels for name in ("podMonitor", "prometheusRule", "dashboards")},
                  **{f"{name}.podLabels": labels | {"team": "pods"} for name in SERVICES},
                  **{f"{name}.podAnnotations": {"checksum/config": "mine", "team": "pods"} for name in SERVICES}}
        arguments = [argument for name, value in values.items() for argument in ("--set-json", f"{name}={json.dumps(value)}")]
        for case in CASES:
            done = template("--values", VALUES / f"{case}.yaml", *arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
            documents = [document for document in yaml.load_all(done.stdout, Loader=UniqueKeys) if document]
            for document in documents:
                with self.subTest(case=case, kind=document["kind"], name=document["metadata"]["name"]):
                    self.assertEqual(document["metadata"]["labels"]["team"], "all")
                    self.assertEqual(document["metadata"]["labels"]["app.kubernetes.io/name"], "dateline")
                    if document["kind"].startswith("Kafka") and document["kind"] != "Kafka":
                        self.assertEqual(document["metadata"]["labels"]["strimzi.io/cluster"], "news")
            parser = next(document for document in documents if document["kind"] == "Deployment" and document["metadata"]["name"] == "news-parser")
            pod = parser["spec"]["template"]["metadata"]
            self.assertEqual(pod["labels"] | parser["spec"]["selector"]["matchLabels"], pod["labels"])
            self.assertEqual((pod["labels"]["team"], pod["annotations"]["team"]), ("pods", "pods"))
            self.assertNotEqual(pod["annotations"]["checksum/config"], "mine")

    def test_names_are_unique(self):
        for case in CASES:
            names = [(document["kind"], document["metadata"]["name"]) for document in rendered(case)]
            self.assertEqual(len(names), len(set(names)), case)

    def test_no_value_of_the_chart_is_without_a_type_or_unused_by_the_schema(self):
        def check(value, schema, place):
            self.assertFalse(schema.get("additionalProperties", True) and "properties" in schema, place)
            for name, item in value.items():
                if "properties" not in schema:
                    continue
                self.assertIn(name, schema["properties"], place)
                if isinstance(item, dict):
                    check(item, schema["properties"][name], f"{place}.{name}")

        check(yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8")),
              json.loads((CHART / "values.schema.json").read_text(encoding="utf-8")), "values")


class WrongValuesTest(unittest.TestCase):
    GOOD = ["--set", "kafka.bootstrapServers=k:9092,fetcher.contact=bot@news.example"]

    def refused(self, sentence, *values):
        done = template(*self.GOOD, *values)
        self.assertNotEqual(done.returncode, 0, values)
        self.assertIn(sentence, done.stderr)

    def test_the_rest_of_the_values_is_right(self):
        self.assertEqual(template(*self.GOOD).returncode, 0)

    def test_combinations_are_refused_with_a_sentence(self):
        for sentence, values in (
                ("no Kafka: set kafka.bootstrapServers", "kafka.bootstrapServers="),
                ("more than one Kafka", "kafka.dev.enabled=true"),
                ("more than one Kafka", "kafka.strimzi.enabled=true"),
                ("fetcher.contact must be a URL or e-mail address", "fetcher.contact="),
                ("13 replicas of the fetcher are more than the 12 partitions of the topic frontier", "fetcher.replicas=13"),
                ("20 replicas of the parser are more than the 12 partitions of the topic pages", "parser.autoscaling.kind=keda,parser.autoscaling.maxReplicas=20"),
                ("parser.autoscaling.minReplicas is above maxReplicas", "parser.autoscaling.kind=hpa,parser.autoscaling.minReplicas=9,parser.autoscaling.maxReplicas=3"),
                ("parser.autoscaling.minReplicas must be at least 1 with hpa", "parser.autoscaling.kind=hpa,parser.autoscaling.minReplicas=0"),
                ("parser.terminationGracePeriodSeconds must be at least preStopSeconds + 20", "preStopSeconds=40"),
                ("store.autoscaling goes with store.engine opensearch", "store.autoscaling.kind=hpa"),
                ("no OpenSearch: set store.opensearch.url", "store.engine=opensearch"),
                ("store.opensearch.url holds credentials", "store.engine=opensearch,store.opensearch.url=https://me:secret@search:9200"),
                ("kafka.properties and kafka.propertiesSecret can't be used together", "kafka.propertiesSecret.name=s,kafka.properties.acks=all"),
                ("security.callers is network, but networkPolicy.enabled is false", "networkPolicy.enabled=false"),
                ("name the Secret with the tokens file", "security.callers=tokens"),
                ("security.callers is tokens, without TLS", "security.callers=tokens,security.tokens.secret=t"),
                ("security.callers is certificates: set security.tls.secret", "security.callers=certificates,security.tls.secret=t"),
                ("no schema registry for the fetcher: set valueFraming.schemaRegistryUrl", "valueFraming.kind=confluent"),
                ("valueFraming.schemaRegistryUrl holds credentials", "valueFraming.kind=confluent,valueFraming.schemaRegistryUrl=https://me:secret@registry"),
                ("tracing.endpoint holds credentials", "tracing.endpoint=https://me:secret@collector/v1/traces"),
                ("fetcher.flags.proxy holds credentials", "fetcher.flags.proxy=http://me:secret@proxy:3128"),
                ("kafka.properties.sasl.password is a secret", r"kafka.properties.sasl\.password=x")):
            with self.subTest(values=values):
                self.refused(sentence, "--set", values)

    def test_the_schema_refuses_what_is_misspelt_or_of_another_type(self):
        for place, values in (("relicas", "parser.relicas=3"), ("replicas", "parser.replicas=many"), ("engine", "store.engine=mysql"),
                              ("bootstrapServers", "kafka.bootstrapServers=http://k"), ("logLevel", "logLevel=loud"),
                              ("digest", "image.digest=latest"), ("kind", "fetcher.autoscaling.kind=keda"),
                              ("endpoint", "tracing.endpoint=collector:4318"), ("ratio", "tracing.ratio=2"),
                              ("fetchPorts", "networkPolicy.fetchPorts={99999}")):
            with self.subTest(values=values):
                self.refused(place, "--set", values)


class NotesTest(unittest.TestCase):
    def test_they_call_as_the_services_want_to_be_called(self):
        for case, flags in (("dev", "-plaintext"), ("external-scram", '-cacert ca.crt -authority NAME -H "authorization: Bearer $TOKEN"'),
                            ("external-mtls", "-cacert ca.crt -authority NAME -cert client.crt -key client.key")):
            self.assertIn(f"grpcurl {flags} -d", self.notes(case), case)

    def notes(self, case):
        """helm shows them only where there is a cluster; so a copy of the chart puts them into an object."""
        with tempfile.TemporaryDirectory() as folder:
            chart = pathlib.Path(folder) / "dateline"
            shutil.copytree(CHART, chart)
            (chart / "templates/shown.yaml").write_text('{{ dict "notes" (include (print $.Template.BasePath "/NOTES.txt") .) | toYaml }}\n')
            done = helm("template", "news", chart, "--namespace", "news", "--values", VALUES / f"{case}.yaml", "--show-only", "templates/shown.yaml")
            self.assertEqual(done.returncode, 0, done.stderr)
            return yaml.safe_load(done.stdout)["notes"]


class TopicsTest(unittest.TestCase):
    DEFINED = json.loads((ROOT / "deploy/topics.json").read_text(encoding="utf-8"))

    def test_the_charts_file_is_the_one_source(self):
        self.assertEqual((CHART / "topics.json").resolve(), ROOT / "deploy/topics.json")

    def test_the_job_is_given_the_same_definitions(self):
        for case, prefix, replicas in (("dev", "dateline.", 1), ("external-scram", "news.", 3)):
            job = of_kind(case, "Job")[0]["spec"]["template"]["spec"]
            self.assertEqual(json.loads(named(case, "ConfigMap", "news-topics")["data"]["topics.json"]), self.DEFINED)
            self.assertEqual(job["volumes"][0]["configMap"]["name"], "news-topics")
            arguments = job["containers"][0]["args"]
            self.assertIn(f"--topic_prefix={prefix}", arguments)
            self.assertIn(f"--replication_factor={replicas}", arguments)

    def test_strimzi_is_given_the_same_definitions(self):
        topics = [{"name": topic["spec"]["topicName"], "partitions": topic["spec"]["partitions"], "config": topic["spec"]["config"]}
                  for topic in of_kind("strimzi", "KafkaTopic")]
        self.assertEqual(topics, [{"name": "dateline." + topic["name"], "partitions": topic["partitions"], "config": topic["config"]}
                                  for topic in self.DEFINED["topics"]])
        self.assertEqual(of_kind("strimzi", "Job"), [])

    def test_a_job_with_other_settings_has_another_name(self):
        def name(*values):
            documents = yaml.safe_load_all(template("--values", VALUES / "dev.yaml", *values).stdout)
            return next(document["metadata"]["name"] for document in documents if document and document["kind"] == "Job")
        self.assertEqual(name(), name("--set", "parser.replicas=3"))
        self.assertNotEqual(name(), name("--set", "topicPrefix=other."))

    def test_strimzis_users_may_do_what_their_service_does_and_no_more(self):
        def rights(service):
            user = named("strimzi", "KafkaUser", f"news-{service}")
            return {f"{acl['resource']['type']} {acl['resource']['name']}": set(acl["operations"]) for acl in user["spec"]["authorization"]["acls"]}
        self.assertEqual(rights("store"), {"topic dateline.articles": {"Describe", "Read", "Write"}, "group dateline-store": {"Read"}})
        self.assertEqual(rights("fetcher"), {
            "topic dateline.sources": {"Describe", "Read", "Write"}, "topic dateline.frontier": {"Describe", "Read", "Write"},
            "topic dateline.imports": {"Describe", "Read", "Write"}, "topic dateline.pages": {"Describe", "Write", "DescribeConfigs"},
            "topic dateline.pages.backfill": {"Describe", "Write", "DescribeConfigs"}, "group dateline-fetcher": {"Read"},
            "transactionalId dateline-fetcher": {"Describe", "Write"}, "transactionalId dateline-import-": {"Describe", "Write"}})
        self.assertNotIn("topic dateline.frontier", rights("parser"))


class PodsTest(unittest.TestCase):
    def test_pods_keep_to_the_restricted_standard(self):
        for case in CASES:
            for name, pod in pod_templates(case):
                with self.subTest(case=case, pod=name):
                    self.assertEqual(list(restricted_violations(pod)), [])

    def test_datelines_containers_write_to_nothing_but_volumes(self):
        for case in CASES:
            for name, pod in pod_templates(case):
                for container in pod["containers"]:
                    if container["name"] != "kafka":
                        self.assertTrue(container["securityContext"]["readOnlyRootFilesystem"], name)
                        self.assertEqual(pod["securityContext"]["runAsUser"], 65532, name)

    def test_alerts_and_dashboards_are_those_of_the_repository(self):
        rules = named("external-mtls", "PrometheusRule", "news")["spec"]
        self.assertEqual(rules, yaml.safe_load((ROOT / "deploy/dashboards/alerts.yaml").read_text(encoding="utf-8")))
        boards = named("external-mtls", "ConfigMap", "news-dashboards")["data"]
        self.assertEqual({name: json.loads(text)["uid"] for name, text in boards.items()},
                         {f"dateline-{name}.json": f"dateline-{name}" for name in ("pipeline", "sources", "store")})

    def test_no_pod_is_given_a_token_or_others_addresses(self):
        for case in CASES:
            for name, pod in pod_templates(case):
                self.assertIs(pod["automountServiceAccountToken"], False, name)
                self.assertIs(pod["enableServiceLinks"], False, name)
            for account in of_kind(case, "ServiceAccount"):
                self.assertIs(account["automountServiceAccountToken"], False)

    def test_every_container_has_requests_and_a_limit_of_memory(self):
        for case in CASES:
            for name, pod in pod_templates(case):
                for container in pod["containers"]:
                    self.assertEqual(set(container["resources"]["requests"]), {"cpu", "memory"}, name)
                    self.assertIn("memory", container["resources"]["limits"], name)

    def test_services_are_probed_by_grpc_and_given_time_to_end(self):
        for case in CASES:
            for document in of_kind(case, "Deployment", "StatefulSet"):
                pod = document["spec"]["template"]["spec"]
                container = pod["containers"][0]
                if container["name"] not in SERVICES:
                    continue
                port = next(port["containerPort"] for port in container["ports"] if port["name"] == "health")
                self.assertEqual(container["readinessProbe"]["grpc"], {"port": port})
                for probe in ("startupProbe", "livenessProbe"):
                    self.assertEqual(container[probe]["grpc"], {"port": port, "service": "live"})
                pause = container["lifecycle"]["preStop"]["sleep"]["seconds"]
                self.assertGreaterEqual(pause, 4)
                self.assertGreaterEqual(pod["terminationGracePeriodSeconds"], pause + 20)

    def test_a_store_on_sqlite_has_a_volume_and_one_on_opensearch_has_none(self):
        store = named("dev", "StatefulSet", "news-store")
        self.assertEqual(store["spec"]["volumeClaimTemplates"][0]["metadata"]["name"], "data")
        self.assertIn({"name": "data", "mountPath": "/var/lib/dateline"}, store["spec"]["template"]["spec"]["containers"][0]["volumeMounts"])
        self.assertNotIn("volumeClaimTemplates", named("external-scram", "Deployment", "news-store")["spec"])

    def test_other_settings_roll_the_pods_that_have_them_and_no_others(self):
        def sums(*values):
            documents = yaml.safe_load_all(template("--values", VALUES / "dev.yaml", *values).stdout)
            return {document["metadata"]["name"]: document["spec"]["template"]["metadata"]["annotations"]["checksum/config"]
                    for document in documents if document and document["kind"] in ("Deployment", "StatefulSet") and "kafka" not in document["metadata"]["name"]}
        before, after = sums(), sums("--set", "parser.flags.parse_threads=4")
        self.assertEqual({name for name in before if before[name] != after[name]}, {"news-parser"})
        after = sums("--set", r"kafka.properties.socket\.keepalive\.enable=true")
        self.assertEqual({name for name in before if before[name] != after[name]}, set(before))

    def test_flags_of_the_values_go_before_the_charts_own_also_where_they_are_false_or_empty(self):
        rendered = template("--values", VALUES / "dev.yaml", "--set-json", 'store.flags={"allow_unauthenticated": false, "metrics_listen": ""}')
        flags, = (document["data"] for document in yaml.safe_load_all(rendered.stdout)
                  if document and document["kind"] == "ConfigMap" and document["metadata"]["name"] == "news-store")
        self.assertEqual((flags["DATELINE_ALLOW_UNAUTHENTICATED"], flags["DATELINE_METRICS_LISTEN"]), ("false", ""))

    def test_numbers_of_flags_stay_whole(self):
        flags = named("external-scram", "ConfigMap", "news-fetcher")["data"]
        self.assertEqual(flags["DATELINE_MAX_BODY_BYTES"], "10485760")
        self.assertEqual(flags["DATELINE_KAFKA_PROPERTIES_FILE"], "/etc/dateline/kafka/client.properties")

    def test_spans_go_nowhere_unless_a_collector_is_named(self):
        for case, expected in (("dev", (None, None)), ("external-scram", ("http://collector.monitoring:4318/v1/traces", "0.25"))):
            for service in SERVICES:
                data = named(case, "ConfigMap", f"news-{service}")["data"]
                self.assertEqual(tuple(data.get(f"DATELINE_OTLP_TRACES_{name}") for name in ("ENDPOINT", "RATIO")), expected)

    def test_those_that_write_for_subscribers_are_told_of_the_schema_registry(self):
        names = ("VALUE_FRAMING", "SCHEMA_REGISTRY_URL")
        told = ("confluent", "http://registry.kafka:8085/apis/ccompat/v7")
        for case, service, expected in (("external-scram", "fetcher", told), ("external-scram", "parser", told),
                                        ("external-scram", "store", (None, None)), ("dev", "parser", (None, None))):
            data = named(case, "ConfigMap", f"news-{service}")["data"]
            self.assertEqual(tuple(data.get(f"DATELINE_{name}") for name in names), expected)

    def test_a_registrys_credentials_come_from_a_secret(self):
        done = template("--values", VALUES / "dev.yaml", "--set", "valueFraming.kind=confluent", *(
            flag for service in ("fetcher", "parser")
            for flag in ("--set", f"{service}.secretEnv[0].name=schema_registry_url,{service}.secretEnv[0].secret=r,{service}.secretEnv[0].key=url")))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("DATELINE_SCHEMA_REGISTRY_URL", done.stdout)
        self.assertIn("anywhere:8081", self.egress(done.stdout, "news-parser"))

    def test_the_port_that_opensearchs_url_names_is_open(self):
        for url, port in (("https://search:9243/news", 9243), ("https://search/", 443), ("http://search:9200", 9200)):
            done = template("--values", VALUES / "dev.yaml", "--set", f"store.engine=opensearch,store.opensearch.url={url}")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(f"anywhere:{port}", self.egress(done.stdout, "news-store"))

    @staticmethod
    def egress(rendered, name):
        policy, = (document for document in yaml.safe_load_all(rendered)
                   if document and document["kind"] == "NetworkPolicy" and document["metadata"]["name"] == name)
        return peers(policy, "egress")

    def test_flags_say_who_may_call(self):
        names = ("ALLOW_UNAUTHENTICATED", "TOKENS_FILE", "ALLOW_TOKENS_OVER_PLAINTEXT", "TLS_CERTIFICATE_FILE", "TLS_KEY_FILE", "TLS_CLIENT_CA_FILE")
        tls = {"TLS_CERTIFICATE_FILE": "/etc/dateline/tls/tls.crt", "TLS_KEY_FILE": "/etc/dateline/tls/tls.key"}
        for case, expected in (("dev", {"ALLOW_UNAUTHENTICATED": "true"}), ("bare", {"ALLOW_UNAUTHENTICATED": "true"}),
                               ("external-scram", {"TOKENS_FILE": "/etc/dateline/tokens/tokens", **tls}),
                               ("external-mtls", {"TLS_CLIENT_CA_FILE": "/etc/dateline/callers/ca.crt", **tls})):
            for service in SERVICES:
                with self.subTest(case=case, service=service):
                    data = named(case, "ConfigMap", f"news-{service}")["data"]
                    self.assertEqual({name: data[f"DATELINE_{name}"] for name in names if f"DATELINE_{name}" in data}, expected)

    def test_secrets_are_named_and_never_written(self):
        for case in CASES:
            self.assertEqual(of_kind(case, "Secret"), [])
        store = named("external-scram", "Deployment", "news-store")["spec"]["template"]["spec"]
        self.assertEqual(store["containers"][0]["env"], [
            {"name": "DATELINE_OPENSEARCH_URL", "valueFrom": {"secretKeyRef": {"name": "dateline-opensearch", "key": "url"}}}])
        self.assertEqual({volume["secret"]["secretName"] for volume in store["volumes"] if "secret" in volume}, {"dateline-kafka", "kafka-ca", "dateline-tls", "dateline-tokens"})

    def test_what_is_scaled_has_no_count_of_its_own(self):
        for case, name in (("external-scram", "news-parser"), ("external-mtls", "news-parser"), ("strimzi", "news-parser")):
            self.assertNotIn("replicas", named(case, "Deployment", name)["spec"])
        scaled = named("external-mtls", "ScaledObject", "news-parser")["spec"]
        self.assertEqual((scaled["minReplicaCount"], scaled["maxReplicaCount"]), (0, 12))
        self.assertEqual([trigger["metadata"]["topic"] for trigger in scaled["triggers"]], ["dateline.pages", "dateline.pages.backfill"])

    def test_each_service_has_a_budget_and_both_kinds_of_service(self):
        for case in CASES:
            for service in SERVICES:
                named(case, "PodDisruptionBudget", f"news-{service}")
                self.assertNotIn("clusterIP", named(case, "Service", f"news-{service}")["spec"])
                self.assertEqual(named(case, "Service", f"news-{service}-pods")["spec"]["clusterIP"], "None")


class NetworkPolicyTest(unittest.TestCase):
    CALLERS = {"dateline-client=true:grpc", "component=health:health", "metadata.name=monitoring:metrics"}
    DNS = {"k8s-app=kube-dns:53"}

    def arrows(self, case, name):
        policy = named(case, "NetworkPolicy", f"news-{name}")
        self.assertEqual(policy["spec"]["policyTypes"], ["Ingress", "Egress"])
        return peers(policy, "ingress"), peers(policy, "egress")

    def test_all_is_denied_first(self):
        policy = named("dev", "NetworkPolicy", "news-deny")["spec"]
        self.assertEqual(policy, {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "dateline", "app.kubernetes.io/instance": "news"}},
                                  "policyTypes": ["Ingress", "Egress"]})

    def test_the_arrows_are_those_of_the_design(self):
        world = {f"{net}:{port}" for net in ("0.0.0.0/0", "::/0") for port in (80, 443)}
        for case, kafka in (("dev", {"component=kafka:9092"}), ("external-scram", {"10.1.0.0/16:9094"}),
                            ("external-mtls", {"anywhere:9093"}), ("strimzi", {"cluster=news:9093"})):
            with self.subTest(case=case):
                traces = {"external-scram": {"metadata.name=monitoring:4318"}, "external-mtls": {"anywhere:443"}}.get(case, set())
                registry = {"external-scram": {"metadata.name=registry:8085"}}.get(case, set())
                self.assertEqual(self.arrows(case, "fetcher"), (self.CALLERS, self.DNS | kafka | registry | traces | world))
                self.assertEqual(self.arrows(case, "parser"), (self.CALLERS, self.DNS | kafka | registry | traces))
                search = {"external-scram": {"metadata.name=search:9200"}, "external-mtls": {"anywhere:9200", "anywhere:443"}}.get(case, set())
                self.assertEqual(self.arrows(case, "store"), (self.CALLERS, self.DNS | kafka | search | traces))
                self.assertEqual(self.arrows(case, "topics"), (set(), self.DNS | kafka))
                self.assertEqual(self.arrows(case, "health"), (set(), self.DNS | {f"component={service}:health" for service in SERVICES}))
        self.assertEqual(self.arrows("dev", "kafka"), ({"own pods fetcher,parser,store,topics,kafka:kafka"}, self.DNS | {"component=kafka:kafka"}))

    def test_no_policy_is_without_a_case_above(self):
        self.assertEqual({policy["metadata"]["name"] for policy in of_kind("dev", "NetworkPolicy")},
                         {f"news-{name}" for name in ("deny", "fetcher", "parser", "store", "topics", "health", "kafka")})

    def test_what_is_excepted_lies_within_what_is_let_through(self):
        policy = named("dev", "NetworkPolicy", "news-fetcher")
        for rule in policy["spec"]["egress"]:
            for block in (peer["ipBlock"] for peer in rule.get("to", []) if "ipBlock" in peer):
                for net in map(ipaddress.ip_network, block["except"]):
                    self.assertTrue(net.subnet_of(ipaddress.ip_network(block["cidr"])), net)
                    # The API server reads such as IPv4, which is not within ::/0.
                    self.assertIsNone(getattr(net.network_address, "ipv4_mapped", None), net)

    def test_no_clients_means_nobody(self):
        rendered = template("--values", VALUES / "dev.yaml", "--set-json", "networkPolicy.clients=[]")
        policy, = (document for document in yaml.safe_load_all(rendered.stdout)
                   if document and document["kind"] == "NetworkPolicy" and document["metadata"]["name"] == "news-store")
        self.assertNotIn("grpc", [port["port"] for rule in policy["spec"]["ingress"] for port in rule["ports"]])

    def test_the_world_has_no_private_addresses(self):
        policy = named("dev", "NetworkPolicy", "news-fetcher")
        blocks = [peer["ipBlock"] for rule in policy["spec"]["egress"] for peer in rule["to"] if "ipBlock" in peer]
        self.assertEqual([block["cidr"] for block in blocks], ["0.0.0.0/0", "::/0"])
        self.assertLessEqual(PRIVATE, {net for block in blocks for net in block["except"]})


class PackageTest(unittest.TestCase):
    def test_a_packaged_chart_is_whole(self):
        with tempfile.TemporaryDirectory() as folder:
            done = helm("package", CHART, "--destination", folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            packaged = helm("template", "news", next(pathlib.Path(folder).glob("*.tgz")), "--namespace", "news", "--values", VALUES / "dev.yaml")
        self.assertEqual(packaged.stdout, rendered_text("dev"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
