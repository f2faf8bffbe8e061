# What the scripts of deploy/local and tests share. To be sourced.

say() { printf '%s\n' "==> $*"; }
die() { printf '%s\n' "error: $*" >&2; exit 1; }

# Processes are known by pid and start time, so that a pid that the system gave
# to another process is left alone. $state is the folder of the run.

start_time() { cut -d' ' -f22 "/proc/$1/stat" 2>/dev/null; }

# running NAME: whether the process that start_process began is still there.
running() {
  local pid since
  [ -r "$state/pids/$1" ] || return 1
  read -r pid since <"$state/pids/$1"
  [ -n "$since" ] && [ "$(start_time "$pid")" = "$since" ]
}

# start_process NAME COMMAND...: in the background, in a session of its own, its
# output to $state/log/NAME.log. Nothing where it runs already.
start_process() {
  local name=$1
  shift
  running "$name" && return
  mkdir -p "$state/pids" "$state/log"
  setsid "$@" >"$state/log/$name.log" 2>&1 </dev/null &
  local pid=$!
  echo "$pid $(start_time "$pid")" >"$state/pids/$name"
}

# stop_process NAME: SIGTERM, and SIGKILL after 20 s.
stop_process() {
  local name=$1 pid since i
  if running "$name"; then
    read -r pid since <"$state/pids/$name"
    kill -TERM "$pid" 2>/dev/null || true
    for ((i = 0; i < 200; i++)); do
      running "$name" || break
      sleep 0.1
    done
    if running "$name"; then kill -KILL "$pid" 2>/dev/null || true; fi
  fi
  rm -f "$state/pids/$name"
}

# last_words NAME: the line of a process's log that says why it ended.
last_words() { grep -v '^[[:space:]]*$' "$state/log/$1.log" | tail -n 1; }

# port_taken PORT: whether something listens on 127.0.0.1:PORT.
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# set_ports BASE: names every port of a local run. Without BASE, the default ones.
set_ports() {
  if [ -z "${1:-}" ]; then
    port_fetcher=7401 port_parser=7402 port_store=7403 port_newsroom=7404
    port_kafka=9092 port_controller=9093
    port_fetcher_metrics=9401 port_parser_metrics=9402 port_store_metrics=9403
    return
  fi
  port_fetcher=$(($1 + 1)) port_parser=$(($1 + 2)) port_store=$(($1 + 3))
  port_newsroom=$(($1 + 4)) port_kafka=$(($1 + 5)) port_controller=$(($1 + 6))
  port_fetcher_metrics=$(($1 + 7)) port_parser_metrics=$(($1 + 8)) port_store_metrics=$(($1 + 9))
}

# start_broker: one KRaft broker on $port_kafka with its data in $state/kafka.
start_broker() {
  local home=$state/kafka libs=$root/build/deps/kafka/libs
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
  cat >"$home/log4j2.properties" <<'LOG4J'
rootLogger.level=warn
rootLogger.appenderRef.stdout.ref=stdout
appender.stdout.type=Console
appender.stdout.name=stdout
appender.stdout.layout.type=PatternLayout
appender.stdout.layout.pattern=%d{ISO8601} %p %c{1} %m%n
LOG4J
  if [ ! -e "$home/data/meta.properties" ]; then
    java -cp "$libs/*" -Dlog4j2.configurationFile="$home/log4j2.properties" kafka.tools.StorageTool \
      format --standalone -t "$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c1-22)" \
      -c "$home/server.properties" >"$home/format.log" 2>&1 ||
      die "the Kafka broker's folder could not be made: $(tail -n 1 "$home/format.log")"
  fi
  start_process kafka java -Xms128m -Xmx256m -XX:+UseSerialGC -cp "$libs/*" \
    -Dlog4j2.configurationFile="$home/log4j2.properties" kafka.Kafka "$home/server.properties"
}
