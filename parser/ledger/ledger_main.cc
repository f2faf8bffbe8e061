// dateline-ledger: pages and outcomes on the topics, balanced.

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/kafka/client.h"
#include "common/kafka/flags.h"
#include "common/rpc/channel.h"
#include "common/service_main.h"
#include "dateline/v1/article_store_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "nlohmann/json.hpp"
#include "parser/ledger/frontier_ledger.h"
#include "parser/ledger/latest_articles.h"
#include "parser/ledger/outcome_place.h"
#include "parser/ledger/page_ledger.h"
#include "parser/ledger/topic_reading.h"

ABSL_FLAG(std::string, group_id, "dateline-parser",
          "The parsers' consumer group: pages behind what it has committed are "
          "in flight");
ABSL_FLAG(std::string, store, "",
          "Also compare the articles of the store at HOST:PORT with the topic");
ABSL_FLAG(absl::Duration, store_wait, absl::Seconds(30),
          "How long the store may take to catch up with the topic");
ABSL_FLAG(bool, json, false, "Print one JSON object");

namespace dateline {
namespace {

constexpr absl::Duration kCommittedTimeout = absl::Seconds(30);
constexpr absl::Duration kBrokerWait = absl::Seconds(30);
constexpr int kUnread = 2;

using Marks = std::map<kafka::TopicPartition, WindowMark>;
using StoredArticles = std::unordered_map<std::string, ArticleState>;

struct Balances {
  Balance pages;
  FrontierBalance urls;
};

struct Report {
  Balances balances;
  // Between store and topic.
  std::vector<std::string> store_differences;
};

absl::StatusOr<Marks> ReadCommitted(const kafka::ClientOptions& client,
                                    const TopicEnds& pages) {
  const auto consumer =
      kafka::NewConsumer(client, {.group_id = absl::GetFlag(FLAGS_group_id)});
  if (!consumer.ok()) return consumer.status();
  std::vector<kafka::TopicPartition> partitions;
  for (const auto& [partition, ends] : pages) partitions.push_back(partition);
  const auto positions = (*consumer)->Committed(partitions, kCommittedTimeout);
  if (!positions.ok()) return positions.status();
  Marks marks;
  for (const kafka::Position& position : *positions) {
    if (position.offset < 0) continue;
    marks[position.partition] = {position.offset, position.metadata};
  }
  return marks;
}

// Reads the frontier, and returns it; none of it where there is no such topic.
absl::StatusOr<FrontierLedger> ReadFrontier(const kafka::ClientOptions& client,
                                            const std::string& topic) {
  FrontierLedger ledger;
  const absl::StatusOr<TopicEnds> ends = ReadEnds(client, {topic});
  if (absl::IsNotFound(ends.status())) return ledger;
  if (!ends.ok()) return ends.status();
  const absl::Status status =
      ReadUpTo(client, *ends, [&ledger](const kafka::Record& record) {
        ledger.AddFrontier(record);
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return ledger;
}

// The time from which on `pages` has all its records, as far as is known from
// the first one of each partition that has dropped some.
class PagesSince {
 public:
  explicit PagesSince(const TopicEnds& pages) : pages_(pages) {}

  void Add(const kafka::Record& record) {
    if (pages_.at(record.partition).low == 0) return;
    if (seen_.insert(record.partition).second) {
      since_ = std::max(since_, record.timestamp);
    }
  }

  absl::Time since() const {
    for (const auto& [partition, ends] : pages_) {
      // Nothing is there any more, nor tells from when on.
      if (ends.low > 0 && seen_.count(partition) == 0) {
        return absl::InfiniteFuture();
      }
    }
    return since_;
  }

 private:
  const TopicEnds& pages_;
  std::set<kafka::TopicPartition> seen_;
  absl::Time since_ = absl::InfinitePast();
};

// Commits first, then the ends of the outcomes, then those of the pages: so
// that what is committed has its outcome, and what has one is a page. So has
// what the frontier says is fetched.
absl::StatusOr<Balances> ReadBalances(const kafka::ClientOptions& client,
                                      const TopicNames& topics,
                                      LatestArticles& latest) {
  const std::vector<std::string> page_topics = {topics.pages,
                                                topics.pages_backfill};
  absl::StatusOr<TopicEnds> pages = ReadEnds(client, page_topics);
  if (!pages.ok()) return pages.status();
  const absl::StatusOr<Marks> committed = ReadCommitted(client, *pages);
  if (!committed.ok()) return committed.status();
  const auto letters = ReadEnds(client, {topics.dead_letters});
  if (!letters.ok()) return letters.status();
  const auto articles = ReadEnds(client, {topics.articles});
  if (!articles.ok()) return articles.status();
  absl::StatusOr<FrontierLedger> frontier =
      ReadFrontier(client, topics.frontier);
  if (!frontier.ok()) return frontier.status();
  pages = ReadEnds(client, page_topics);
  if (!pages.ok()) return pages.status();

  PageLedger ledger;
  for (const auto& [partition, ends] : *pages) {
    ledger.AddPartition(partition, ends.low);
  }
  PagesSince pages_since(*pages);
  absl::Status status =
      ReadUpTo(client, *pages, [&](const kafka::Record& record) {
        ledger.AddPage({record.partition, record.offset});
        if (record.partition.topic == topics.pages) {
          pages_since.Add(record);
          frontier->AddPage(record.key);
        }
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  status = ReadUpTo(client, *letters, [&ledger](const kafka::Record& record) {
    if (const auto page = PageOfDeadLetter(record)) {
      ledger.AddDeadLetter(*page, {record.partition, record.offset},
                           record.key);
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  const bool with_store = !absl::GetFlag(FLAGS_store).empty();
  status = ReadUpTo(client, *articles, [&](const kafka::Record& record) {
    if (with_store) latest.Apply(record);
    if (const auto page = PageOfArticle(record)) {
      ledger.AddArticle(*page, {record.partition, record.offset}, record.key);
    }
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  Balance balance = ledger.Close(*committed);
  for (Finding& finding : balance.findings) {
    if (finding.outcome.has_value()) continue;
    const auto key =
        ReadKey(client, finding.page.partition, finding.page.offset);
    if (key.ok()) finding.key = *key;
  }
  return Balances{std::move(balance), frontier->Close(pages_since.since())};
}

// Tries again where the broker is not there yet, as behind a restart.
absl::StatusOr<Balances> AwaitBalances(const kafka::ClientOptions& client,
                                       const TopicNames& topics,
                                       LatestArticles& latest) {
  const absl::Time deadline = absl::Now() + kBrokerWait;
  while (true) {
    latest = LatestArticles();
    absl::StatusOr<Balances> balances = ReadBalances(client, topics, latest);
    if (!absl::IsUnavailable(balances.status()) || absl::Now() >= deadline) {
      return balances;
    }
    absl::SleepFor(absl::Milliseconds(500));
  }
}

absl::StatusOr<StoredArticles> ReadStore(v1::ArticleStoreService::Stub& stub,
                                         const rpc::ClientAccess& access) {
  v1::ExportArticlesRequest request;
  for (const char* path : {"uid", "version", "parse_time", "content_sha256"}) {
    request.mutable_read_mask()->add_paths(path);
  }
  grpc::ClientContext context;
  access.Apply(context);
  const auto stream = stub.ExportArticles(&context, request);
  StoredArticles stored;
  for (v1::ExportArticlesResponse response; stream->Read(&response);) {
    stored[response.article().uid()] = StateOf(response.article());
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) {
    return absl::UnavailableError(
        absl::StrCat(absl::GetFlag(FLAGS_store), ": ", status.error_message()));
  }
  return stored;
}

// Until they agree or time is up.
absl::StatusOr<std::vector<std::string>> CompareStore(
    const LatestArticles& latest) {
  const absl::StatusOr<rpc::ClientAccess> access =
      rpc::ClientAccessFromFlags(absl::GetFlag(FLAGS_store));
  if (!access.ok()) return access.status();
  const auto stub = v1::ArticleStoreService::NewStub(
      grpc::CreateChannel(absl::GetFlag(FLAGS_store), access->credentials));
  const absl::Time deadline = absl::Now() + absl::GetFlag(FLAGS_store_wait);
  while (true) {
    const absl::Time begin = absl::Now();
    const absl::StatusOr<StoredArticles> stored = ReadStore(*stub, *access);
    const absl::Time end = absl::Now();
    const bool is_last = end >= deadline;
    if (stored.ok()) {
      std::vector<std::string> differences = latest.DifferencesFrom(*stored);
      if (differences.empty() || is_last) return differences;
    } else if (is_last) {
      return stored.status();
    }
    // A store that is behind has better to do than to be read again and again.
    absl::SleepFor(std::min(
        std::max(absl::Milliseconds(500), 9 * (end - begin)), deadline - end));
  }
}

std::string PlaceText(const RecordPlace& place) {
  return absl::StrCat(place.partition.topic, "/", place.partition.partition,
                      "/", place.offset);
}

void PrintJson(const Report& report) {
  const Balance& balance = report.balances.pages;
  const FrontierBalance& urls = report.balances.urls;
  nlohmann::ordered_json json = {
      {"pages", balance.pages},
      {"articles", balance.articles},
      {"dead_letters", balance.dead_letters},
      {"in_flight", balance.in_flight},
      {"lost", balance.lost},
      {"duplicated", balance.duplicated},
      {"reordered", balance.reordered},
      {"invented", balance.invented},
      {"expired", balance.expired},
      {"findings", nlohmann::ordered_json::array()},
      {"store_differences", report.store_differences},
      {"urls", urls.urls},
      {"url_outcomes", urls.outcomes},
      {"urls_in_flight", urls.in_flight},
      {"urls_lost", urls.lost},
      {"url_pages_missing", urls.pages_missing},
      {"url_findings", nlohmann::ordered_json::array()}};
  for (const UrlFinding& finding : urls.findings) {
    json["url_findings"].push_back(
        {{"kind", finding.kind}, {"url", finding.url}});
  }
  for (const Finding& finding : balance.findings) {
    nlohmann::ordered_json entry = {
        {"kind", std::string(ImbalanceWord(finding.kind))},
        {"key", finding.key},
        {"topic", finding.page.partition.topic},
        {"partition", finding.page.partition.partition},
        {"offset", finding.page.offset}};
    if (finding.outcome) entry["outcome"] = PlaceText(*finding.outcome);
    json["findings"].push_back(std::move(entry));
  }
  // Keys are bytes.
  std::cout << json.dump(-1, ' ', false,
                         nlohmann::ordered_json::error_handler_t::replace)
            << "\n";
}

void PrintText(const Report& report) {
  const Balance& balance = report.balances.pages;
  const FrontierBalance& urls = report.balances.urls;
  std::cout << absl::StrCat(
      balance.pages, " pages = ", balance.articles, " articles + ",
      balance.dead_letters, " dead letters + ", balance.in_flight,
      " in flight + ", balance.lost, " lost; ", balance.duplicated,
      " duplicated, ", balance.reordered, " reordered, ", balance.invented,
      " invented; ", balance.expired, " outcomes of pages that are gone\n");
  for (const Finding& finding : balance.findings) {
    std::cout << absl::StrCat(ImbalanceWord(finding.kind), ": key ",
                              finding.key, ", page ", PlaceText(finding.page));
    if (finding.outcome) {
      std::cout << ", outcome " << PlaceText(*finding.outcome);
    }
    std::cout << "\n";
  }
  std::cout << absl::StrCat(urls.urls, " URLs = ", urls.outcomes,
                            " with an outcome + ", urls.in_flight,
                            " in flight + ", urls.lost, " lost; ",
                            urls.pages_missing, " fetched without a page\n");
  for (const UrlFinding& finding : urls.findings) {
    std::cout << finding.kind << ": " << finding.url << "\n";
  }
  for (const std::string& difference : report.store_differences) {
    std::cout << "store: " << difference << "\n";
  }
}

absl::StatusOr<bool> Run() {
  const absl::StatusOr<kafka::ClientOptions> client =
      kafka::ClientOptionsFromFlags("dateline-ledger");
  if (!client.ok()) return client.status();
  LatestArticles latest;
  absl::StatusOr<Balances> balances =
      AwaitBalances(*client, kafka::TopicNamesFromFlags(), latest);
  if (!balances.ok()) return balances.status();
  Report report = {*std::move(balances), {}};
  if (!absl::GetFlag(FLAGS_store).empty()) {
    auto differences = CompareStore(latest);
    if (!differences.ok()) return differences.status();
    report.store_differences = *std::move(differences);
  }
  if (absl::GetFlag(FLAGS_json)) {
    PrintJson(report);
  } else {
    PrintText(report);
  }
  return report.balances.pages.balanced() && report.balances.urls.balanced() &&
         report.store_differences.empty();
}

}  // namespace
}  // namespace dateline

int main(int argc, char** argv) {
  dateline::InitMain(argc, argv,
                     "dateline-ledger: balances the pages on Kafka with their "
                     "outcomes, and the URLs of the frontier; ends with 1 "
                     "where one is lost, has two outcomes or is out of order, "
                     "with 2 where the topics or "
                     "the store can't be read.");
  const absl::StatusOr<bool> balanced = dateline::Run();
  if (!balanced.ok()) {
    dateline::FailMain("dateline-ledger", balanced.status());
    return dateline::kUnread;
  }
  return *balanced ? 0 : 1;
}
