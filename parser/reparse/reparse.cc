#include "parser/reparse/reparse.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/blocking_counter.h"
#include "common/cloud_event.h"
#include "common/framing/value_frame.h"
#include "common/url.h"
#include "dateline/v1/page.pb.h"
#include "google/protobuf/util/time_util.h"
#include "parser/core/page_outcome.h"
#include "parser/reparse/warc_file.h"

namespace dateline {
namespace {

// Parsers have "/dateline/parser": each page has one outcome of that source.
constexpr size_t kBatchPages = 500;
constexpr size_t kBatchBytes = size_t{64} << 20;
constexpr absl::Duration kInitTimeout = absl::Seconds(30);
constexpr absl::Duration kAnswerTimeout = absl::Seconds(30);

int64_t VersionOf(const v1::RawPage& page) {
  return google::protobuf::util::TimeUtil::TimestampToMilliseconds(
      page.fetch_time());
}

std::string SiteOf(const v1::Article& article) {
  return article.publisher().domain().empty() ? HostOf(article.url())
                                              : article.publisher().domain();
}

// The same article or tombstone, as this program's.
kafka::OutgoingRecord AsOfReparse(const kafka::Record& record) {
  kafka::OutgoingRecord again = {record.partition.topic,
                                 record.partition.partition, record.key,
                                 record.value, record.headers};
  for (kafka::Header& header : again.headers) {
    if (header.name == "ce_source") header.value = kReparseSource;
  }
  return again;
}

using Places = std::set<std::pair<kafka::TopicPartition, int64_t>>;

Places PlacesOf(const std::vector<kafka::Position>& positions) {
  Places places;
  for (const kafka::Position& position : positions) {
    places.emplace(position.partition, position.offset);
  }
  return places;
}

}  // namespace

absl::Status Reparse::Run() {
  begin_ = told_ = absl::Now();
  absl::Status status = Start();
  if (!status.ok()) return status;
  const absl::Status read = options_.warc.empty() ? ReadTopics() : ReadWarc();
  if (!read.ok() && !absl::IsDataLoss(read)) return read;
  status = EndBatch();
  if (status.ok()) status = Uncover();
  return status.ok() ? read : status;
}

absl::Status Reparse::Start() {
  if (!options_.dry_run) {
    auto producer =
        NewFramedProducer(client_,
                          {.transactional_id = absl::StrCat("dateline-reparse-",
                                                            topics_.articles)},
                          options_.frames);
    if (!producer.ok()) return producer.status();
    producer_ = *std::move(producer);
    absl::Status status = producer_->Init(kInitTimeout);
    if (!status.ok()) return status;
  }
  absl::Status status = CatchUp();
  if (!status.ok()) return status;
  say_(absl::StrCat(known_.size(), " articles are on ", topics_.articles));
  return Uncover();
}

absl::Status Reparse::CatchUp() {
  absl::StatusOr<TopicEnds> ends = ReadEnds(client_, {topics_.articles});
  if (!ends.ok()) return ends.status();
  TopicEnds news = *ends;
  for (auto& [partition, range] : news) {
    const auto read = articles_read_.find(partition);
    if (read != articles_read_.end()) {
      range.low = std::max(range.low, read->second.high);
    }
  }
  articles_read_ = *std::move(ends);
  return ReadUpTo(client_, news, [this](const kafka::Record& record) {
    known_.Apply(record);
    return absl::OkStatus();
  });
}

absl::StatusOr<TopicEnds> Reparse::Ranges() {
  absl::StatusOr<TopicEnds> ranges =
      ReadEnds(client_, {topics_.pages, topics_.pages_backfill});
  if (!ranges.ok()) return ranges.status();
  const auto consumer =
      kafka::NewConsumer(client_, {.group_id = options_.group_id});
  if (!consumer.ok()) return consumer.status();
  std::vector<kafka::TopicPartition> partitions;
  for (const auto& [partition, range] : *ranges) {
    partitions.push_back(partition);
  }
  const auto committed = (*consumer)->Committed(partitions, kAnswerTimeout);
  if (!committed.ok()) return committed.status();
  for (const kafka::Position& position : *committed) {
    auto& range = (*ranges)[position.partition];
    // Nothing committed, which is below all offsets: nothing was read.
    const int64_t high = std::clamp(position.offset, range.low, range.high);
    report_.CountLeftOut("not_committed", range.high - high);
    range.high = high;
  }
  if (options_.from == absl::InfinitePast()) return ranges;
  const auto first =
      (*consumer)->OffsetsAt(partitions, options_.from, kAnswerTimeout);
  if (!first.ok()) return first.status();
  for (const kafka::Position& position : *first) {
    auto& range = (*ranges)[position.partition];
    range.low = position.offset == kafka::kOffsetEnd
                    ? range.high
                    : std::clamp(position.offset, range.low, range.high);
  }
  return ranges;
}

absl::Status Reparse::ReadTopics() {
  const absl::StatusOr<TopicEnds> ranges = Ranges();
  if (!ranges.ok()) return ranges.status();
  for (const auto& [partition, range] : *ranges) {
    expected_ += range.high - range.low;
  }
  const absl::Status status =
      ReadUpTo(client_, *ranges, [this](const kafka::Record& record) {
        ++done_;
        if (record.timestamp < options_.from ||
            record.timestamp >= options_.to) {
          report_.CountLeftOut("other_time", 1);
          return absl::OkStatus();
        }
        Page page;
        page.task =
            TaskOf(std::make_shared<const kafka::Record>(record), clock_.Now());
        page.place =
            absl::StrCat(record.partition.topic, "/",
                         record.partition.partition, "/", record.offset);
        return Add(std::move(page));
      });
  report_.CountLeftOut("no_record", expected_ - done_);
  return status;
}

absl::Status Reparse::ReadWarc() {
  std::error_code no_size;
  const auto size = std::filesystem::file_size(options_.warc, no_size);
  expected_ = no_size ? 0 : static_cast<int64_t>(size);
  std::map<std::string, int64_t> left_out;
  const absl::Status status = ReadWarcFile(
      options_.warc,
      [this](const WarcFilePage& found) {
        done_ = found.offset;
        Page page;
        page.task.raw_page =
            std::make_shared<const std::string>(found.page.SerializeAsString());
        page.task.now = clock_.Now();
        page.place = found.place;
        return Add(std::move(page));
      },
      left_out);
  for (const auto& [why, count] : left_out) report_.CountLeftOut(why, count);
  return status;
}

absl::Status Reparse::Add(Page page) {
  batch_bytes_ +=
      page.task.raw_page == nullptr ? 0 : page.task.raw_page->size();
  batch_.push_back(std::move(page));
  if (batch_.size() < kBatchPages && batch_bytes_ < kBatchBytes) {
    return absl::OkStatus();
  }
  return EndBatch();
}

void Reparse::ReadBatch() {
  absl::BlockingCounter left(static_cast<int>(batch_.size()));
  for (Page& page : batch_) {
    PageTask task = page.task;
    task.can_wait = true;
    reader_.Read(std::move(task), [&page, &left](PageVerdict verdict) {
      page.verdict = std::move(verdict);
      left.DecrementCount();
    });
  }
  left.Wait();
}

absl::Status Reparse::EndBatch() {
  if (batch_.empty()) return absl::OkStatus();
  ReadBatch();
  if (absl::Status status = CatchUp(); !status.ok()) return status;
  std::vector<kafka::OutgoingRecord> records;
  for (const Page& page : batch_) Judge(page, records);
  batch_.clear();
  batch_bytes_ = 0;
  TellProgress();
  return WriteBatch(std::move(records));
}

void Reparse::Judge(const Page& page,
                    std::vector<kafka::OutgoingRecord>& records) {
  v1::Article article;
  if (!page.verdict.has_article() ||
      !article.ParseFromString(page.verdict.article)) {
    v1::RawPage raw;
    if (page.task.raw_page != nullptr) ParseValue(*page.task.raw_page, &raw);
    report_.Count(HostOf(raw.url()),
                  known_.CompareNone(raw.uid(), VersionOf(raw)), {});
    return;
  }
  std::vector<std::string> changed;
  const ReparseResult result = known_.Compare(article, &changed);
  report_.Count(SiteOf(article), result, changed);
  if (result == ReparseResult::kChanged || result == ReparseResult::kGained) {
    records.push_back(RecordOf(page, std::move(article)));
  }
}

kafka::OutgoingRecord Reparse::RecordOf(const Page& page, v1::Article article) {
  // The batch may have the same page again.
  known_.Write(article);
  const std::string id =
      absl::StrCat(page.place, "/", absl::ToUnixMicros(page.task.now));
  kafka::OutgoingRecord record;
  record.topic = topics_.articles;
  record.key = page.verdict.uid;
  record.value = article.SerializeAsString();
  record.headers = CloudEventHeaders({id, kReparseSource, "dateline.v1.Article",
                                      page.verdict.url, clock_.Now(), ""});
  return record;
}

absl::Status Reparse::WriteBatch(std::vector<kafka::OutgoingRecord> records) {
  if (records.empty() || options_.dry_run) return absl::OkStatus();
  absl::Status status = producer_->Begin();
  for (size_t i = 0; status.ok() && i < records.size(); ++i) {
    status = producer_->Produce(records[i]);
    if (absl::IsInvalidArgument(status)) {
      say_(absl::StrCat("left out, ", records[i].key, ": ", status.message()));
      report_.CountLeftOut("article_too_large", 1);
      status = absl::OkStatus();
    }
  }
  if (status.ok()) status = producer_->Commit();
  if (!status.ok() && !absl::IsFailedPrecondition(status)) {
    // The broker ends it where this fails.
    producer_->Abort().IgnoreError();
  }
  return status;
}

absl::Status Reparse::Uncover() {
  if (options_.dry_run) return absl::OkStatus();
  if (absl::Status status = CatchUp(); !status.ok()) return status;
  // One reading of all, at most of what Start has read, too.
  TopicEnds ranges;
  const std::vector<kafka::Position> hidden = known_.Hidden();
  for (const kafka::Position& place : hidden) {
    auto& range =
        ranges
            .try_emplace(place.partition,
                         kafka::Watermarks{place.offset, place.offset + 1})
            .first->second;
    range.low = std::min(range.low, place.offset);
    range.high = std::max(range.high, place.offset + 1);
  }
  const Places wanted = PlacesOf(hidden);
  std::vector<kafka::Record> records;
  absl::Status status =
      ReadUpTo(client_, ranges, [&](const kafka::Record& record) {
        if (wanted.count({record.partition, record.offset}) > 0) {
          records.push_back(record);
        }
        if (records.size() < kBatchPages) return absl::OkStatus();
        return WriteAgain(std::exchange(records, {}));
      });
  return status.ok() ? WriteAgain(records) : status;
}

absl::Status Reparse::WriteAgain(const std::vector<kafka::Record>& records) {
  if (records.empty()) return absl::OkStatus();
  // Parsers go on: what has a later article behind it by now is not to hide
  // that. From here to the commit it still could.
  if (absl::Status status = CatchUp(); !status.ok()) return status;
  const Places hidden = PlacesOf(known_.Hidden());
  std::vector<kafka::OutgoingRecord> again;
  for (const kafka::Record& record : records) {
    if (hidden.count({record.partition, record.offset}) > 0) {
      again.push_back(AsOfReparse(record));
    }
  }
  report_.CountUncovered(static_cast<int64_t>(again.size()));
  return WriteBatch(std::move(again));
}

void Reparse::TellProgress() {
  const absl::Time now = absl::Now();
  if (now - told_ < options_.progress_interval || expected_ == 0) return;
  told_ = now;
  const double share =
      static_cast<double>(done_) / static_cast<double>(expected_);
  const absl::Duration left =
      (now - begin_) / std::max(share, 1e-6) - (now - begin_);
  say_(absl::StrFormat(
      "%d pages, %.1f %%, %d changed; about %s left", report_.pages(),
      100 * share, report_.Of(ReparseResult::kChanged),
      absl::FormatDuration(absl::Trunc(left, absl::Seconds(1)))));
}

}  // namespace dateline
