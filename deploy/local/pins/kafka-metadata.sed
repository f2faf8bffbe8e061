# A partition that has no leader just now, as on a broker that starts anew after
# it was killed, is not one that was deleted: the transaction coordinator would
# leave out the partition's marker, for good, and whoever reads committed
# records would wait behind that transaction for ever (KAFKA-20734).
/Optional<Node> getPartitionLeaderEndpoint(/,/^    }/ {
  s/\.flatMap(partition -> /.map(partition -> /
  s/\.map(broker -> broker\.node(listenerName\.value())\.orElse(Node\.noNode())));/.flatMap(broker -> broker.node(listenerName.value())).orElse(Node.noNode()));/
}
