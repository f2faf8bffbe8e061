# What the scripts of deploy/local and tests share. To be sourced.

say() { printf '%s\n' "==> $*"; }
die() { printf '%s\n' "error: $*" >&2; exit 1; }

# Processes are known by pid and start time, so that a pid that the system gave
# to another process is left alone. $state is the folder of the run.

# life PID: its state and start time, from behind the name in /proc/PID/stat.
life() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f1,20; }

# running NAME: whether the process that start_process began is still there. One
# that has ended but that nobody has waited for (Z) is not.
running() {
  local pid since what state_now start_now
  [ -r "$state/pids/$1" ] || return 1
  read -r pid since what <"$state/pids/$1"
  read -r state_now start_now < <(life "$pid") || return 1
  [ -n "$since" ] && [ "$start_now" = "$since" ] && [ "$state_now" != Z ]
}

# start_process NAME COMMAND...: in the background, in a session of its own, its
# output to $state/log/NAME.log. One that runs already is left alone, but begun
# anew where its command or its program is another one now.
start_process() {
  local name=$1 what pid since was
  shift
  what=$( (printf '%s\n' "$@"; cat "$(command -v "$1")") | sha256sum | cut -c1-16)
  if running "$name"; then
    read -r pid since was <"$state/pids/$name"
    [ "$was" = "$what" ] && return
    say "starting $name anew, as its program or its settings have changed"
    stop_process "$name"
  fi
  mkdir -p "$state/pids" "$state/log"
  setsid "$@" >"$state/log/$name.log" 2>&1 </dev/null &
  pid=$!
  echo "$pid $(life "$pid" | cut -d' ' -f2) $what" >"$state/pids/$name"
}

# stop_process NAME: SIGTERM, and SIGKILL after 20 s; returns when it is gone.
stop_process() {
  local name=$1 pid i
  if running "$name"; then
    read -r pid _ <"$state/pids/$name"
    kill -TERM "$pid" 2>/dev/null || true
    for ((i = 0; i < 300; i++)); do
      running "$name" || break
      [ "$i" != 200 ] || kill -KILL "$pid" 2>/dev/null || true
      sleep 0.1
    done
  fi
  rm -f "$state/pids/$name"
}

# last_words NAME: the line of a process's log that says why it ended.
last_words() { grep -v '^[[:space:]]*$' "$state/log/$1.log" | tail -n 1 || true; }

# port_taken PORT: whether something listens on 127.0.0.1:PORT.
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# set_ports BASE: names every port of a local run. Without BASE, the default ones.
set_ports() {
  case "${1:-}" in
    *[!0-9]*) die "--base-port takes a number, not '$1'" ;;
  esac
  if [ -z "${1:-}" ]; then
    port_fetcher=7401 port_parser=7402 port_store=7403 port_newsroom=7404
    port_kafka=9092 port_controller=9093
    port_fetcher_metrics=9401 port_parser_metrics=9402 port_store_metrics=9403
    port_opensearch=9200 port_opensearch_transport=9300
    return
  fi
  port_fetcher=$(($1 + 1)) port_parser=$(($1 + 2)) port_store=$(($1 + 3))
  port_newsroom=$(($1 + 4)) port_kafka=$(($1 + 5)) port_controller=$(($1 + 6))
  port_fetcher_metrics=$(($1 + 7)) port_parser_metrics=$(($1 + 8)) port_store_metrics=$(($1 + 9))
  port_opensearch=$(($1 + 10)) port_opensearch_transport=$(($1 + 11))
}

# write_log_settings FILE: what log4j2 is to do with a server's log.
write_log_settings() {
  cat >"$1" <<'LOG4J'
rootLogger.level=warn
rootLogger.appenderRef.stdout.ref=stdout
appender.stdout.type=Console
appender.stdout.name=stdout
appender.stdout.layout.type=PatternLayout
appender.stdout.layout.pattern=%d{ISO8601} %p %c{1} %m%n
LOG4J
}

# kafka_class_path: what Kafka's programs run, the class that `install` mends first.
kafka_class_path() { echo "$root/build/deps/kafka-metadata/classes:$root/build/deps/kafka/libs/*"; }

# start_broker: one KRaft broker on $port_kafka with its data in $state/kafka.
start_broker() {
  local home=$state/kafka
  running kafka && return
  mkdir -p "$home"
  cat >"$home/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:$port_controller
listeners=PLAINTEXT://127.0.0.1:$port_kafka,CONTROLLER://127.0.0.1:$port_controller
advertised.listeners=PLAINTEXT://127.0.0.1:$port_kafka
controller.listener.names=CONTROLLER
log.dirs=$home/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=10
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=10
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
PROPERTIES
  write_log_settings "$home/log4j2.properties"
  if [ ! -e "$home/data/meta.properties" ]; then
    java -cp "$(kafka_class_path)" -Dlog4j2.configurationFile="$home/log4j2.properties" kafka.tools.StorageTool \
      format --standalone -t "A$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c1-21)" \
      -c "$home/server.properties" >"$home/format.log" 2>&1 ||
      die "the Kafka broker's folder could not be made: $(tail -n 1 "$home/format.log")"
  fi
  start_process kafka java -Xms128m -Xmx256m -XX:+UseSerialGC -cp "$(kafka_class_path)" \
    -Dlog4j2.configurationFile="$home/log4j2.properties" kafka.Kafka "$home/server.properties"
}

# start_opensearch NAME HTTP_PORT TRANSPORT_PORT [SETTING=VALUE...]: one
# OpenSearch node with its data in $state/NAME; a cluster of its own where no
# setting says otherwise.
start_opensearch() {
  local name=$1 http=$2 transport=$3 home=$state/$1 deps=$root/build/deps/opensearch
  shift 3
  running "$name" && return
  [ -d "$deps/classes" ] || die "OpenSearch is not installed; run deploy/local/install --opensearch"
  [ $# -gt 0 ] || set -- discovery.type=single-node
  mkdir -p "$home"
  write_log_settings "$home/log4j2.properties"
  start_process "$name" java -Xms128m -Xmx384m -XX:+UseSerialGC -cp "$deps/classes:$deps/libs/*" \
    -Dlog4j2.configurationFile="$home/log4j2.properties" OpenSearchNode \
    cluster.name=dateline node.name="$name" path.home="$home" network.host=127.0.0.1 \
    http.port="$http" transport.port="$transport" \
    cluster.routing.allocation.disk.threshold_enabled=false "$@"
}
