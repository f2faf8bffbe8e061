import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dateline.v1.Article;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Prints a line for each article on the topic, and commits what it has printed.
 *
 * <p>Records of aborted transactions are passed by. What is shown twice after a crash is what was
 * printed but not committed; {@code uid} and {@code version} tell it.
 */
public final class Consume {
  private static final JsonFormat.Printer JSON =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  public static void main(String[] arguments) throws InvalidProtocolBufferException {
    Flags flags = new Flags(arguments);
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", flags.get("--brokers", "127.0.0.1:9092"),
            "group.id", flags.get("--group", "my-readers"),
            "auto.offset.reset", "earliest",
            "isolation.level", "read_committed",
            "enable.auto.commit", false);
    double idle = Double.parseDouble(flags.get("--idle", "Infinity"));
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("dateline.articles"), beginning(consumer, flags));
      long last = System.nanoTime();
      while ((System.nanoTime() - last) / 1e9 < idle) {
        ConsumerRecords<String, byte[]> records = consumer.poll(Duration.ofMillis(500));
        for (ConsumerRecord<String, byte[]> record : records) {
          if (record.value() != null) { // Without a value the article was taken back.
            show(Article.parseFrom(record.value()), flags);
          }
        }
        if (!records.isEmpty()) {
          consumer.commitSync();
          last = System.nanoTime();
        }
      }
    }
  }

  private static void show(Article article, Flags flags) throws InvalidProtocolBufferException {
    String publisher = article.getPublisher().getName();
    if (!publisher.equals(flags.get("--publisher", publisher))
        || !article.getLanguage().getTag().equals(flags.get("--language", article.getLanguage().getTag()))) {
      return;
    }
    if (flags.has("--json")) {
      String wire = Base64.getEncoder().encodeToString(article.toByteArray());
      OUT.println("{\"article\":" + JSON.print(article) + ",\"wire\":\"" + wire + "\"}");
    } else {
      Instant time = Instant.ofEpochSecond(article.getPublishTime().getTime().getSeconds());
      OUT.println(time.atOffset(ZoneOffset.UTC).toLocalDate() + "\t" + publisher + "\t" + article.getHeadline());
    }
  }

  /** With {@code --since}: partitions without a committed offset begin at the first record that is not older. */
  private static ConsumerRebalanceListener beginning(KafkaConsumer<?, ?> consumer, Flags flags) {
    return new ConsumerRebalanceListener() {
      @Override
      public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

      @Override
      public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (!flags.has("--since")) {
          return;
        }
        long since = Instant.parse(flags.get("--since", "")).toEpochMilli();
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
        Map<TopicPartition, Long> times =
            partitions.stream()
                .filter(partition -> committed.get(partition) == null)
                .collect(Collectors.toMap(Function.identity(), partition -> since));
        for (Map.Entry<TopicPartition, OffsetAndTimestamp> found : consumer.offsetsForTimes(times).entrySet()) {
          if (found.getValue() != null) {
            consumer.seek(found.getKey(), found.getValue().offset());
          } else {
            consumer.seekToEnd(List.of(found.getKey()));
          }
        }
      }
    };
  }

  private Consume() {}
}
