#include "fetcher/warc_import.h"

#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/log.h"
#include "common/sha256.h"
#include "fetcher/core/metric_labels.h"
#include "fetcher/core/warc/warc_page.h"
#include "fetcher/import_record.h"
#include "fetcher/page_record.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kPieceBytes = 256 * 1024;
constexpr absl::Duration kBrokerTimeout = absl::Seconds(10);
constexpr int kMostFailures = 5;

bool IsTransient(const absl::Status& status) {
  return absl::IsAborted(status) || absl::IsUnavailable(status);
}

}  // namespace

// A file being read, and what the transaction under way holds of it.
struct WarcImport::Reading {
  Reading(const WarcFile& read_file, ImportState read_state,
          WarcReaderOptions options)
      : file(read_file),
        state(std::move(read_state)),
        fed_to(options.start_offset),
        reader(std::move(options)) {}

  const WarcFile& file;
  ImportState state;
  int64_t fed_to;
  WarcReader reader;

  bool is_fed = false;   // the reader has all of the file
  bool is_open = false;  // there is a transaction
  int64_t records = 0;
  size_t bytes = 0;
  std::map<std::string, int64_t> results;  // for the metrics
  absl::Time told = absl::InfinitePast();
};

WarcImport::WarcImport(const WarcImportOptions& options,
                       const WarcImportClients& clients,
                       const TopicNames& topics, const Clock* clock,
                       Metrics* metrics)
    : options_(options),
      clients_(clients),
      topics_(topics),
      clock_(*clock),
      metrics_(*metrics) {}

absl::Status WarcImport::Run(const std::string& path,
                             ImportListener& listener) {
  const absl::StatusOr<WarcFile> file =
      WarcFile::Open(options_.directory, path);
  if (!file.ok()) return file.status();
  while (true) {
    absl::Status status = RunOnce(*file, listener);
    if (absl::IsAborted(status)) {
      // Where this fails, another producer has this id.
      if (absl::Status aborted = producer_->Abort(); !aborted.ok()) {
        status = std::move(aborted);
      }
    }
    producer_.reset();
    if (absl::IsFailedPrecondition(status)) {
      return absl::AbortedError(absl::StrCat(
          "Another call has taken over the import of ", path,
          ", or its transaction was lost; ask again to go on behind what is "
          "imported. (",
          status.message(), ")"));
    }
    if (!IsTransient(status)) return status;
    if (++failures_ >= kMostFailures) {
      return absl::UnavailableError(
          absl::StrCat("The broker does not take the pages of ", path,
                       "; what was imported stays so, ask again to go on. (",
                       status.message(), ")"));
    }
    LogWarning("import interrupted, to go on",
               {{"file", path}, {"error", status.message()}});
    absl::SleepFor(options_.retry_wait);
  }
}

absl::Status WarcImport::RunOnce(const WarcFile& file,
                                 ImportListener& listener) {
  if (listener.IsGone()) return absl::CancelledError("The caller is gone.");
  const std::string& name = file.identity().name;
  // Ids are a broker's, not a topic prefix's.
  const std::string id =
      absl::BytesToHexString(Sha256(absl::StrCat(topics_.imports, "/", name)))
          .substr(0, 32);
  auto made = clients_.producer(absl::StrCat("dateline-import-", id));
  if (!made.ok()) return made.status();
  producer_ = *std::move(made);
  if (absl::Status ready = producer_->Init(kBrokerTimeout); !ready.ok()) {
    return ready;
  }
  auto consumer = clients_.consumer();
  if (!consumer.ok()) return consumer.status();
  const absl::StatusOr<std::optional<v1::WarcImport>> known =
      ReadImport(topics_.imports, name, **consumer, *producer_, listener);
  if (!known.ok()) return known.status();
  ImportState state(file.identity(), *known);
  if (state.is_finished()) {
    listener.OnProgress(state.Progress(0));
    return absl::OkStatus();
  }
  WarcReaderOptions options;
  options.start_offset = state.start_offset();
  if (options.start_offset > 0) {
    if (absl::Status found = FindDictionary(file, options); !found.ok()) {
      return found;
    }
  }
  Reading reading(file, std::move(state), std::move(options));
  LogInfo("importing", {{"file", name}, {"offset", reading.fed_to}});
  return ImportAll(reading, listener);
}

absl::Status WarcImport::FindDictionary(const WarcFile& file,
                                        WarcReaderOptions& options) const {
  WarcReader reader({});
  for (int64_t offset = 0; !reader.Next().has_value();) {
    const absl::StatusOr<std::string> piece = file.Read(offset, kPieceBytes);
    if (!piece.ok()) return piece.status();
    if (piece->empty()) break;
    reader.Feed(*piece);
    offset += static_cast<int64_t>(piece->size());
  }
  options.zstd_dictionary = reader.zstd_dictionary();
  return absl::OkStatus();
}

absl::Status WarcImport::ImportAll(Reading& reading, ImportListener& listener) {
  Tell(reading, listener);
  while (!reading.state.is_finished()) {
    absl::Status status = Fill(reading, listener);
    if (status.ok() && reading.state.is_finished() &&
        reading.state.records() == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat(reading.file.identity().name, " holds no WARC record."));
    }
    if (status.ok()) status = Commit(reading);
    if (!status.ok()) {
      // What is transient or fenced is the caller's to end.
      if (reading.is_open && !IsTransient(status) &&
          !absl::IsFailedPrecondition(status)) {
        producer_->Abort().IgnoreError();
      }
      return status;
    }
    Tell(reading, listener);
  }
  LogInfo("imported", {{"file", reading.file.identity().name},
                       {"records", reading.state.records()}});
  return absl::OkStatus();
}

absl::Status WarcImport::Fill(Reading& reading,
                              const ImportListener& listener) {
  const absl::Time begin = absl::Now();
  while (reading.records < options_.transaction_records &&
         reading.bytes < options_.transaction_bytes &&
         absl::Now() - begin < options_.transaction_time) {
    if (listener.IsGone()) return absl::CancelledError("The caller is gone.");
    if (const std::optional<WarcRecord> record = reading.reader.Next()) {
      if (!reading.state.Take(*record, reading.reader.skipped())) continue;
      if (absl::Status taken = Take(reading, *record); !taken.ok()) {
        return taken;
      }
      continue;
    }
    if (reading.is_fed) {
      reading.state.Finish(reading.reader.skipped());
      return absl::OkStatus();
    }
    const absl::StatusOr<std::string> piece =
        reading.file.Read(reading.fed_to, kPieceBytes);
    if (!piece.ok()) return piece.status();
    reading.reader.Feed(*piece);
    reading.fed_to += static_cast<int64_t>(piece->size());
    if (piece->empty()) {
      reading.reader.Finish();
      reading.is_fed = true;
    }
  }
  return absl::OkStatus();
}

absl::Status WarcImport::Take(Reading& reading, const WarcRecord& record) {
  ++reading.records;
  const WarcPage page = PageOfRecord(record, reading.file.identity().name,
                                     options_.max_body_bytes);
  // An archive may hold any status: a bounded set of them is told apart.
  std::string code = ReasonLabel(page.code);
  if (page.page.has_value()) {
    kafka::OutgoingRecord outgoing =
        PageRecord(topics_.pages_backfill, *page.page);
    reading.bytes += outgoing.value->size();
    if (absl::Status begun = Begin(reading); !begun.ok()) return begun;
    const absl::Status produced = producer_->Produce(outgoing);
    if (produced.ok()) {
      ++reading.results["page"];
      reading.state.CountPage();
      return absl::OkStatus();
    }
    if (!absl::IsInvalidArgument(produced)) return produced;
    code = "too_large_for_topic";
  }
  ++reading.results[code];
  reading.state.CountSkip(code);
  return absl::OkStatus();
}

absl::Status WarcImport::Begin(Reading& reading) {
  if (reading.is_open) return absl::OkStatus();
  const absl::Status begun = producer_->Begin();
  reading.is_open = begun.ok();
  return begun;
}

absl::Status WarcImport::Commit(Reading& reading) {
  if (reading.records == 0 && !reading.state.is_finished()) {
    return absl::OkStatus();
  }
  const v1::WarcImport state = reading.state.Snapshot(clock_.Now());
  absl::Status status = Begin(reading);
  // Last, since from here on other imports' claims wait for this transaction.
  if (status.ok()) {
    status = producer_->Produce(ImportRecord(topics_.imports, state));
  }
  if (status.ok()) status = producer_->Commit();
  if (!status.ok()) return status;
  for (const auto& [result, count] : reading.results) {
    metrics_
        .Counter("dateline_fetcher_imported_records_total",
                 "Records read of archives: result is page, or the reason why "
                 "there is none",
                 {{"result", result}})
        .Increment(static_cast<double>(count));
  }
  reading.is_open = false;
  reading.records = 0;
  reading.bytes = 0;
  reading.results.clear();
  failures_ = 0;
  return absl::OkStatus();
}

void WarcImport::Tell(Reading& reading, ImportListener& listener) {
  const absl::Time now = absl::Now();
  if (!reading.state.is_finished() &&
      now - reading.told < options_.progress_interval) {
    return;
  }
  reading.told = now;
  listener.OnProgress(reading.state.Progress(reading.reader.position()));
}

}  // namespace dateline::fetcher
