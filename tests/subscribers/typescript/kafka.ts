// kafkajs with zstd, which it leaves to others.
import { decompress } from "fzstd";
import kafkajs from "kafkajs";

export function kafka(broker: string): kafkajs.Kafka {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
    compress: () => Promise.reject(new Error("zstd is only read here")),
    decompress: async (buffer: Buffer) => Buffer.from(decompress(buffer)),
  });
  return new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.ERROR });
}
