// Whether Kafka knows a partition without a leader from one that is not there: "-1" and "none".
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.metadata.KRaftMetadataCache;
import org.apache.kafka.server.common.KRaftVersion;

public class LeaderlessPartition {
  public static void main(String[] arguments) {
    Uuid topic = Uuid.randomUuid();
    MetadataDelta delta = new MetadataDelta.Builder().setImage(MetadataImage.EMPTY).build();
    delta.replay(new TopicRecord().setName("pages").setTopicId(topic));
    delta.replay(new PartitionRecord().setTopicId(topic).setPartitionId(0).setLeader(-1)
        .setReplicas(java.util.List.of(1)).setIsr(java.util.List.of(1)));
    KRaftMetadataCache cache = new KRaftMetadataCache(1, () -> KRaftVersion.KRAFT_VERSION_1);
    cache.setImage(delta.apply(MetadataProvenance.EMPTY));
    for (int partition = 0; partition < 2; ++partition) {
      System.out.println(cache.getPartitionLeaderEndpoint("pages", partition, new ListenerName("PLAINTEXT"))
          .map(node -> String.valueOf(node.id())).orElse("none"));
    }
  }
}
