// Prints the records of a topic as CloudEvents' SDK reads them; ends after two
// seconds without one.
import { parseArgs } from "node:util";
import { type CloudEvent, Kafka } from "cloudevents";
import { kafka } from "./kafka.js";

const { values: flags } = parseArgs({
  options: {
    brokers: { type: "string", default: "127.0.0.1:9092" },
    group: { type: "string", default: "my-readers" },
    topic: { type: "string", default: "dateline.articles" },
  },
});
const consumer = kafka(flags.brokers).consumer({ groupId: flags.group });
await consumer.connect();
await consumer.subscribe({ topic: flags.topic, fromBeginning: true });
let last = Date.now();
await consumer.run({
  eachMessage: async ({ message }) => {
    const headers = Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]));
    const event = Kafka.toEvent({ headers, body: message.value, key: "", value: message.value } as never) as CloudEvent<Buffer>;
    const { specversion, id, source, type, subject, time, datacontenttype } = event;
    console.log([specversion, id, source, type, subject, time, datacontenttype, message.value?.length ?? 0].join("\t"));
    last = Date.now();
  },
});
const timer = setInterval(async () => {
  if (Date.now() - last < 2000) return;
  clearInterval(timer);
  await consumer.disconnect();
}, 100);
