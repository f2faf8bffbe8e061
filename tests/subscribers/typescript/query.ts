// Asks the store: lists page by page, searches, watches and goes on where
// another watch stopped.
import { parseArgs } from "node:util";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { ArticleStoreService } from "./gen/dateline/v1/article_store_service_pb.js";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    store: { type: "string", default: "127.0.0.1:7403" },
    filter: { type: "string", default: "" },
    "page-size": { type: "string", default: "50" },
    "resume-token": { type: "string", default: "" },
    count: { type: "string", default: "0" },
  },
});
const [what, query] = positionals;
const filter = flags.filter;
const pageSize = Number(flags["page-size"]);
const baseUrl = `http://${flags.store}`;
const sessionManager = new Http2SessionManager(baseUrl);
const store = createClient(ArticleStoreService, createGrpcTransport({ baseUrl, sessionManager }));

async function list(): Promise<void> {
  let pageToken = "";
  do {
    const page = await store.listArticles({ filter, pageSize, pageToken });
    for (const article of page.articles) console.log([article.uid, article.headline].join("\t"));
    pageToken = page.nextPageToken;
  } while (pageToken);
}

async function search(): Promise<void> {
  const found = await store.searchArticles({ query, filter, pageSize });
  for (const { article, snippet } of found.results) {
    console.log([article?.uid, article?.headline, snippet.replaceAll("\n", " ")].join("\t"));
  }
}

// Prints with each article the token that goes on behind it.
async function watch(): Promise<void> {
  let left = Number(flags.count);
  for await (const answer of store.watchArticles({ filter, resumeToken: flags["resume-token"] })) {
    if (!answer.article) continue;
    console.log([answer.article.uid, answer.article.headline, answer.resumeToken].join("\t"));
    if (--left === 0) return;
  }
}

const work = { list, search, watch }[what];
if (!work) throw new Error("usage: query [flags] list | search QUERY | watch");
await work();
// The connection would be kept for more calls, and the program with it.
sessionManager.abort();
