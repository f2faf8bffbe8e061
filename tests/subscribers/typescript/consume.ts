// Prints a line for each article on the topic, and commits what it has printed.
//
// Records of aborted transactions are passed by. What is shown twice after a
// crash is what was printed but not committed; uid and version tell it.
import { parseArgs } from "node:util";
import { fromBinary, toBinary, toJson } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { type Article, ArticleSchema } from "./gen/dateline/v1/article_pb.js";
import { kafka } from "./kafka.js";

const topic = "dateline.articles";
const { values: flags } = parseArgs({
  options: {
    brokers: { type: "string", default: "127.0.0.1:9092" },
    group: { type: "string", default: "my-readers" },
    publisher: { type: "string" },
    language: { type: "string" },
    since: { type: "string" },
    idle: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

function wanted(article: Article): boolean {
  return (
    (flags.publisher ?? article.publisher?.name) === article.publisher?.name &&
    (flags.language ?? article.language?.tag) === article.language?.tag
  );
}

function line(article: Article): string {
  if (flags.json) {
    const wire = Buffer.from(toBinary(ArticleSchema, article)).toString("base64");
    return JSON.stringify({ article: toJson(ArticleSchema, article, { useProtoFieldName: true }), wire });
  }
  const time = article.publishTime?.time;
  const day = time ? timestampDate(time).toISOString().slice(0, 10) : "1970-01-01";
  return [day, article.publisher?.name ?? "", article.headline].join("\t");
}

// Where the group has no committed offset, sets it to the first record that is
// not older.
async function beginAt(since: Date): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  const [committed] = await admin.fetchOffsets({ groupId: flags.group, topics: [topic] });
  const fresh = committed.partitions.filter((p) => p.offset === "-1").map((p) => p.partition);
  const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, since.getTime());
  const partitions = offsets.filter((p) => fresh.includes(p.partition));
  if (partitions.length) await admin.setOffsets({ groupId: flags.group, topic, partitions });
  await admin.disconnect();
}

const client = kafka(flags.brokers);
if (flags.since) await beginAt(new Date(flags.since));
const consumer = client.consumer({ groupId: flags.group, readUncommitted: false });
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });

let last = Date.now();
await consumer.run({
  autoCommit: false,
  eachMessage: async ({ partition, message }) => {
    if (message.value) {
      // Without a value the article was taken back.
      const article = fromBinary(ArticleSchema, message.value);
      if (wanted(article)) console.log(line(article));
    }
    await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(message.offset) + 1n) }]);
    last = Date.now();
  },
});
if (flags.idle) {
  const idle = Number(flags.idle) * 1000;
  const timer = setInterval(async () => {
    if (Date.now() - last < idle) return;
    clearInterval(timer);
    await consumer.disconnect();
  }, 100);
}
