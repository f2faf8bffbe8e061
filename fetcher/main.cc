// dateline-fetcher: sources and URLs in, raw pages out.

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/framing/topic_frames.h"
#include "common/hostname.h"
#include "common/kafka/client.h"
#include "common/kafka/flags.h"
#include "common/kafka/limit_check.h"
#include "common/log.h"
#include "common/metrics.h"
#include "common/otlp/flags.h"
#include "common/rpc/server.h"
#include "common/rpc/server_flags.h"
#include "common/service_main.h"
#include "fetcher/core/address.h"
#include "fetcher/core/name_table.h"
#include "fetcher/core/proxy_url.h"
#include "fetcher/core/schedule.h"
#include "fetcher/crawler.h"
#include "fetcher/curl_http_client.h"
#include "fetcher/event_hub.h"
#include "fetcher/file_sources.h"
#include "fetcher/open_files.h"
#include "fetcher/service.h"
#include "fetcher/source_reader.h"
#include "fetcher/sources_file.h"
#include "fetcher/warc_archive.h"
#include "fetcher/warc_importer.h"
#include "fetcher/worker.h"

ABSL_FLAG(std::string, listen, "127.0.0.1:7401", "Where to serve gRPC");
ABSL_FLAG(std::string, metrics_listen, "127.0.0.1:9401",
          "Where to serve Prometheus metrics; empty for nowhere");
ABSL_FLAG(std::string, user_agent, "Dateline/" DATELINE_VERSION,
          "How the fetcher names itself; the contact is added to it");
ABSL_FLAG(std::string, contact, "",
          "URL or e-mail address for people whose sites are fetched; while it "
          "is empty only loopback is asked");
ABSL_FLAG(std::string, allow_addresses, "",
          "Addresses to allow beyond the public ones: CIDR ranges, separated "
          "by commas");
ABSL_FLAG(absl::Duration, host_delay, absl::Seconds(1),
          "Least time between two requests to a host");
ABSL_FLAG(absl::Duration, loopback_host_delay, absl::ZeroDuration(),
          "The same for 127.0.0.0/8, [::1] and localhost");
ABSL_FLAG(absl::Duration, address_delay, absl::Seconds(1),
          "Least time between two requests to an address, whatever hosts share "
          "it; 0 where they need not take turns. Loopback has none");
ABSL_FLAG(std::string, revisit_after, "1h,24h",
          "Ages at which a page is looked at again for corrections, counted "
          "from its first fetch; empty for never");
ABSL_FLAG(std::string, sources_file, "",
          "YAML file of sources to create or change at the start; see "
          "docs/sources.yaml");
ABSL_FLAG(std::string, resolve, "",
          "Addresses of names, instead of DNS: NAME=ADDRESS, separated by "
          "commas; NAME may be *.example. For tests");
ABSL_FLAG(
    std::string, proxy, "",
    "HTTP proxy to ask through, http://HOST:PORT; names are looked up and "
    "judged here all the same. Those of the environment are not used");
ABSL_FLAG(std::string, tls_ca_file, "",
          "PEM file of the certificate authorities to trust, instead of the "
          "system's");
ABSL_FLAG(int64_t, max_body_bytes, 10'485'760,
          "Largest decoded body; a larger page is left out whole");
ABSL_FLAG(size_t, fetch_concurrency, 256,
          "Requests at the same time, over all hosts");
ABSL_FLAG(absl::Duration, connect_timeout, absl::Seconds(10),
          "Longest wait for a connection");
ABSL_FLAG(absl::Duration, fetch_timeout, absl::Seconds(60),
          "Longest time for a page, redirects included");
ABSL_FLAG(absl::Duration, stall_timeout, absl::Seconds(15),
          "A page that comes slower than 100 bytes a second for this long is "
          "given up");
ABSL_FLAG(std::string, group_id, "dateline-fetcher",
          "The consumer group that shares the frontier");
ABSL_FLAG(std::string, transactional_id, "",
          "Must differ between replicas and stay the same over a restart; "
          "'dateline-fetcher-HOSTNAME' where empty");
ABSL_FLAG(std::string, warc_import_dir, "",
          "The folder that ImportWarc reads files from; empty for none");
ABSL_FLAG(std::string, warc_dir, "",
          "Archive the pages that are fetched to WARC files in this folder");
ABSL_FLAG(int64_t, warc_max_bytes, 1'000'000'000,
          "A WARC file of this size is closed and the next begun");
ABSL_FLAG(absl::Duration, warc_max_age, absl::Hours(1),
          "So is one of this age");

namespace dateline::fetcher {
namespace {

constexpr absl::Duration kGrace = absl::Seconds(5);
constexpr int64_t kMostHeaderBytes = 1 << 20;

// Under the limit of open files, which is raised as far as it goes.
size_t IdleConnectionsFromLimit() {
  const size_t limit = RaiseOpenFileLimit();
  const size_t concurrency = absl::GetFlag(FLAGS_fetch_concurrency);
  const size_t idle = IdleConnections(limit, concurrency);
  if (idle < std::min(concurrency, kMostIdleConnections)) {
    LogWarning("few files may be open: connections fail or are not kept",
               {{"limit", limit}, {"fetch_concurrency", concurrency}});
  }
  return idle;
}

absl::StatusOr<HttpOptions> HttpOptionsFromFlags() {
  absl::StatusOr<AddressRanges> allowed =
      AddressRanges::Parse(absl::GetFlag(FLAGS_allow_addresses));
  if (!allowed.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--allow_addresses: ", allowed.status().message()));
  }
  const std::string contact = absl::GetFlag(FLAGS_contact);
  HttpOptions options;
  options.user_agent = absl::GetFlag(FLAGS_user_agent);
  if (!contact.empty()) {
    absl::StrAppend(&options.user_agent, " (+", contact, ")");
  }
  absl::StatusOr<NameTable> names =
      NameTable::Parse(absl::GetFlag(FLAGS_resolve));
  if (!names.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--resolve: ", names.status().message()));
  }
  options.names = [table = *std::move(names)](absl::string_view host) {
    return table.AddressOf(host);
  };
  absl::StatusOr<std::string> proxy = ParseProxyUrl(absl::GetFlag(FLAGS_proxy));
  if (!proxy.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--proxy: ", proxy.status().message()));
  }
  options.proxy = *std::move(proxy);
  options.tls_ca_file = absl::GetFlag(FLAGS_tls_ca_file);
  if (!options.tls_ca_file.empty() &&
      !std::ifstream(options.tls_ca_file).good()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--tls_ca_file: ", options.tls_ca_file, " can't be read"));
  }
  options.max_idle_connections = IdleConnectionsFromLimit();
  options.addresses = {*std::move(allowed), !contact.empty()};
  options.max_body_bytes = absl::GetFlag(FLAGS_max_body_bytes);
  options.connect_timeout = absl::GetFlag(FLAGS_connect_timeout);
  options.total_timeout = absl::GetFlag(FLAGS_fetch_timeout);
  options.stall_timeout = absl::GetFlag(FLAGS_stall_timeout);
  return options;
}

CrawlerOptions CrawlerOptionsFromFlags() {
  CrawlerOptions options;
  options.frontier.delays = {absl::GetFlag(FLAGS_host_delay),
                             absl::GetFlag(FLAGS_loopback_host_delay),
                             absl::GetFlag(FLAGS_address_delay)};
  options.frontier.product_token = absl::GetFlag(FLAGS_user_agent);
  options.random = [engine =
                        std::mt19937_64(std::random_device()())]() mutable {
    return std::uniform_real_distribution<double>()(engine);
  };
  options.fetch_concurrency = absl::GetFlag(FLAGS_fetch_concurrency);
  return options;
}

std::string TransactionalId() {
  const std::string id = absl::GetFlag(FLAGS_transactional_id);
  return id.empty() ? absl::StrCat("dateline-fetcher-", Hostname()) : id;
}

WorkerClients Clients(const kafka::ClientOptions& client,
                      const TopicFrames& frames) {
  const std::string transactional_id = TransactionalId();
  kafka::ConsumerOptions group;
  group.group_id = absl::GetFlag(FLAGS_group_id);
  // A restarted member has its partitions back at once, instead of waiting for
  // its own session to time out.
  group.group_instance_id = transactional_id;
  kafka::TransactionOptions transactions;
  transactions.transactional_id = transactional_id;
  // What waits in the client to be read counts as memory of the frontier.
  kafka::ClientOptions frontier = client;
  frontier.properties.try_emplace("queued.max.messages.kbytes", "16384");
  return {[frontier, group] { return kafka::NewConsumer(frontier, group); },
          [client, transactions, frames] {
            return NewFramedProducer(client, transactions, frames);
          }};
}

WarcImportOptions ImportOptionsFromFlags() {
  WarcImportOptions options;
  options.directory = absl::GetFlag(FLAGS_warc_import_dir);
  options.max_body_bytes =
      static_cast<size_t>(absl::GetFlag(FLAGS_max_body_bytes));
  return options;
}

WarcImportClients ImportClients(const kafka::ClientOptions& client,
                                const TopicFrames& frames) {
  return {[client] { return kafka::NewConsumer(client, {}); },
          [client, frames](const std::string& transactional_id) {
            kafka::TransactionOptions transactions;
            transactions.transactional_id = transactional_id;
            return NewFramedProducer(client, transactions, frames);
          }};
}

// None where --warc_dir is empty.
absl::StatusOr<std::unique_ptr<WarcFileWriter>> ArchiveWriterFromFlags() {
  WarcFileOptions options;
  options.directory = absl::GetFlag(FLAGS_warc_dir);
  if (options.directory.empty()) return nullptr;
  if (std::error_code error;
      !std::filesystem::is_directory(options.directory, error)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--warc_dir: ", options.directory, " is no folder"));
  }
  options.replica = TransactionalId();
  options.max_bytes = absl::GetFlag(FLAGS_warc_max_bytes);
  options.max_age = absl::GetFlag(FLAGS_warc_max_age);
  options.max_block_bytes =
      std::max(options.max_block_bytes,
               absl::GetFlag(FLAGS_max_body_bytes) + kMostHeaderBytes);
  options.software = absl::GetFlag(FLAGS_user_agent);
  options.contact = absl::GetFlag(FLAGS_contact);
  return std::make_unique<WarcFileWriter>(std::move(options));
}

absl::StatusOr<ScheduleRules> ScheduleRulesFromFlags() {
  absl::StatusOr<std::vector<absl::Duration>> revisits =
      ParseRevisits(absl::GetFlag(FLAGS_revisit_after));
  if (!revisits.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--revisit_after: ", revisits.status().message()));
  }
  ScheduleRules rules;
  rules.revisits = *std::move(revisits);
  return rules;
}

absl::StatusOr<std::vector<v1::Source>> SourcesFromFlags() {
  const std::string path = absl::GetFlag(FLAGS_sources_file);
  if (path.empty()) return std::vector<v1::Source>();
  return ReadSourcesFile(path, absl::Now());
}

absl::StatusOr<TopicFrames> FramesFromFlags() {
  const TopicNames topics = kafka::TopicNamesFromFlags();
  return TopicFramesFromFlags(
      {{topics.pages, v1::RawPage::descriptor()},
       {topics.pages_backfill, v1::RawPage::descriptor()}});
}

// What the flags say, read before anything is started.
struct Settings {
  kafka::ClientOptions client;
  rpc::ServerOptions server;
  HttpOptions http;
  ScheduleRules rules;
  std::vector<v1::Source> wanted;                  // --sources_file
  std::unique_ptr<WarcFileWriter> archive_writer;  // null without --warc_dir
  TopicFrames frames;                              // of pages
};

absl::StatusOr<Settings> SettingsFromFlags() {
  Settings settings;
  absl::Status status;
  const auto take = [&status](auto value, auto& setting) {
    if (value.ok()) {
      setting = *std::move(value);
    } else {
      status.Update(value.status());
    }
  };
  take(kafka::ClientOptionsFromFlags("dateline-fetcher"), settings.client);
  take(rpc::ServerOptionsFromFlags(), settings.server);
  take(HttpOptionsFromFlags(), settings.http);
  take(ScheduleRulesFromFlags(), settings.rules);
  take(SourcesFromFlags(), settings.wanted);
  take(ArchiveWriterFromFlags(), settings.archive_writer);
  if (!status.ok()) return status;
  // Last, as it writes to the registry.
  take(FramesFromFlags(), settings.frames);
  if (!status.ok()) return status;
  return settings;
}

absl::Status Run(const Settings& settings) {
  const kafka::ClientOptions& client = settings.client;
  const TopicNames topics = kafka::TopicNamesFromFlags();
  SystemClock clock;
  Metrics metrics;
  const auto port = metrics.Serve(absl::GetFlag(FLAGS_metrics_listen));
  if (!port.ok()) return port.status();
  const absl::StatusOr<std::unique_ptr<otlp::SpanExporter>> spans =
      otlp::SpanExporterFromFlags("dateline-fetcher", metrics);
  if (!spans.ok()) return spans.status();
  absl::StatusOr<std::unique_ptr<kafka::Producer>> producer =
      kafka::NewProducer(client);
  if (!producer.ok()) return producer.status();
  // The client comes after the crawler whose callbacks it makes: it must be
  // gone first.
  absl::StatusOr<std::unique_ptr<CurlHttpClient>> http =
      CurlHttpClient::Create(settings.http, &clock);
  if (!http.ok()) return http.status();
  Crawler crawler(CrawlerOptionsFromFlags(), http->get(), &clock);
  EventHub events;
  SourceReader sources([&client] { return kafka::NewConsumer(client, {}); },
                       topics.sources);
  std::optional<WarcArchive> archive;
  if (settings.archive_writer != nullptr) {
    archive.emplace(settings.archive_writer.get(), &clock, &metrics).Start();
  }
  Worker worker(Clients(client, settings.frames), topics, settings.rules,
                &crawler, http->get(), &sources, &events, &metrics,
                archive.has_value() ? &*archive : nullptr, spans->get());
  WarcImporter importer(ImportOptionsFromFlags(),
                        ImportClients(client, settings.frames), topics, &clock,
                        &metrics);
  FetcherServiceImpl service(topics, &worker, &sources, producer->get(),
                             &events, &importer, &clock);
  absl::StatusOr<std::unique_ptr<rpc::Server>> server = rpc::Server::Start(
      absl::GetFlag(FLAGS_listen),
      {{&service, v1::FetcherService::service_full_name()}}, settings.server);
  if (!server.ok()) return server.status();
  FileSources file_sources(settings.wanted, &sources, producer->get(),
                           topics.sources, &clock);
  kafka::LimitCheck limits(settings.client,
                           {topics.pages, topics.pages_backfill},
                           absl::GetFlag(FLAGS_max_body_bytes));
  if (!absl::GetFlag(FLAGS_sources_file).empty()) file_sources.Start();
  sources.Start();
  worker.Start();
  (*server)->SetServing(true);
  LogInfo("serving",
          {{"port", (*server)->port()}, {"brokers", client.brokers}});
  LogInfo("stopping", {{"signal", WaitForTermination()}});
  service.EndStreams();
  worker.EndLookups();
  (*server)->Shutdown(kGrace);
  worker.Stop();
  if (archive.has_value()) archive->Stop();
  sources.Stop();
  http->reset();
  producer->reset();
  if (*spans != nullptr) (*spans)->Stop();
  return limits.Stop();
}

}  // namespace
}  // namespace dateline::fetcher

int main(int argc, char** argv) {
  dateline::InitMain(argc, argv,
                     "dateline-fetcher: fetches news pages, politely, and "
                     "publishes them on Kafka.");
  // A batch of pages comes and goes several times a second.
  dateline::BoundHeaps({.mapped_bytes = 4 << 20, .kept_bytes = 32 << 20});
  const absl::StatusOr<dateline::fetcher::Settings> settings =
      dateline::fetcher::SettingsFromFlags();
  const absl::Status status =
      settings.ok() ? dateline::fetcher::Run(*settings) : settings.status();
  return status.ok() ? 0 : dateline::FailMain("dateline-fetcher", status);
}
