import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Prints the records of a topic as CloudEvents' SDK reads them; ends after two seconds without one. */
public final class CloudEvents {
  public static void main(String[] arguments) {
    Flags flags = new Flags(arguments);
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", flags.get("--brokers", "127.0.0.1:9092"),
            "group.id", flags.get("--group", "my-readers"),
            "auto.offset.reset", "earliest",
            "isolation.level", "read_committed");
    try (KafkaConsumer<String, CloudEvent> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new CloudEventDeserializer())) {
      consumer.subscribe(List.of(flags.get("--topic", "dateline.articles")));
      long last = System.nanoTime();
      while ((System.nanoTime() - last) / 1e9 < 2) {
        ConsumerRecords<String, CloudEvent> records = consumer.poll(Duration.ofMillis(500));
        for (ConsumerRecord<String, CloudEvent> record : records) {
          CloudEvent event = record.value();
          int size = event.getData() == null ? 0 : event.getData().toBytes().length;
          System.out.println(
              String.join(
                  "\t", event.getSpecVersion().toString(), event.getId(), event.getSource().toString(), event.getType(),
                  event.getSubject(), event.getTime().toInstant().toString(),
                  String.valueOf(event.getDataContentType()), String.valueOf(size)));
          last = System.nanoTime();
        }
      }
    }
  }

  private CloudEvents() {}
}
