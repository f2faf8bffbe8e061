#include "parser/dead_letters.h"

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace dateline {
namespace {

constexpr absl::Duration kBrokerTimeout = absl::Seconds(5);
// Without a record for so long, a topic isn't read any further.
constexpr absl::Duration kPatience = absl::Seconds(20);
constexpr absl::Duration kPollWait = absl::Milliseconds(200);
constexpr size_t kMaxPolled = 500;

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1000;
// Offsets of one partition that are read at once, and of a whole call.
constexpr int64_t kStep = 200;
constexpr int64_t kMaxRead = 20'000;

// One transaction of a redrive.
constexpr size_t kMaxBatch = 500;
constexpr size_t kMaxBatchBytes = size_t{32} << 20;

struct Range {
  int64_t begin = 0;
  int64_t end = 0;
};
using Ranges = std::map<int32_t, Range>;
constexpr int64_t kUntilToldSo = std::numeric_limits<int64_t>::max();

// Hands every record of the ranges to `visit`, which may end its partition's by
// returning true.
absl::Status ReadRanges(kafka::Consumer& consumer, const std::string& topic,
                        const Ranges& ranges,
                        const std::function<bool(kafka::Record&)>& visit) {
  std::vector<kafka::Position> positions;
  std::set<int32_t> open;
  for (const auto& [partition, range] : ranges) {
    if (range.begin >= range.end) continue;
    positions.push_back({{topic, partition}, range.begin});
    open.insert(partition);
  }
  if (open.empty()) return absl::OkStatus();
  absl::Status status = consumer.Assign(positions);
  absl::Time last_heard = absl::Now();
  while (status.ok() && !open.empty()) {
    absl::StatusOr<kafka::PollResult> polled =
        consumer.Poll(kMaxPolled, kPollWait);
    if (!polled.ok()) return absl::UnavailableError(polled.status().message());
    for (kafka::Record& record : polled->records) {
      const int32_t partition = record.partition.partition;
      if (open.count(partition) == 0) continue;
      const int64_t end = ranges.at(partition).end;
      const int64_t offset = record.offset;
      if ((offset < end && visit(record)) || offset + 1 >= end) {
        open.erase(partition);
      }
    }
    for (const kafka::Position& end : polled->ends) {
      const int32_t partition = end.partition.partition;
      if (ranges.count(partition) > 0 &&
          ranges.at(partition).end != kUntilToldSo) {
        open.erase(partition);
      }
    }
    if (!polled->records.empty()) last_heard = absl::Now();
    if (absl::Now() - last_heard > kPatience) {
      status = absl::UnavailableError(absl::StrCat(
          "The topic ", topic, " was not read to its end in time."));
    }
  }
  return status;
}

absl::StatusOr<Ranges> WholeTopic(kafka::Consumer& consumer,
                                  const std::string& topic) {
  const absl::StatusOr<int32_t> count =
      consumer.PartitionCount(topic, kBrokerTimeout);
  if (!count.ok()) return count.status();
  Ranges ranges;
  for (int32_t partition = 0; partition < *count; ++partition) {
    const absl::StatusOr<kafka::Watermarks> marks =
        consumer.QueryWatermarks({topic, partition}, kBrokerTimeout);
    if (!marks.ok()) return marks.status();
    ranges[partition] = {marks->low, marks->high};
  }
  return ranges;
}

// Lists the letters of a topic from its end on.
class Listing {
 public:
  Listing(kafka::Consumer& consumer, const std::string& topic,
          const v1::DeadLetterSelection& selection, const Ranges& whole)
      : consumer_(consumer), topic_(topic), selection_(selection) {
    for (const auto& [partition, range] : whole) {
      tails_[partition] = {range.begin, range.end, range.end, {}};
    }
  }

  void GoOnAt(const LetterCursors& cursors) {
    for (auto& [partition, tail] : tails_) {
      const auto cursor = cursors.find(partition);
      // A partition that was added since has only newer ones.
      const int64_t offset = cursor == cursors.end() ? 0 : cursor->second;
      tail.cursor = tail.read_from =
          std::clamp(offset, tail.begin, tail.cursor);
    }
  }

  // Fills up to `page_size`.
  absl::Status Fill(size_t page_size, v1::ListDeadLettersResponse* response) {
    auto& letters = *response->mutable_dead_letters();
    int64_t left_to_read = kMaxRead;
    while (static_cast<size_t>(letters.size()) < page_size) {
      absl::Status status = Refill(&left_to_read);
      if (!status.ok()) return status;
      Tail* newest = Newest();
      if (newest == nullptr) break;
      v1::DeadLetter& letter = newest->letters.back().second;
      newest->cursor = newest->letters.back().first;
      *letters.Add() = std::move(letter);
      newest->letters.pop_back();
      if (newest->letters.empty()) newest->cursor = newest->read_from;
    }
    if (std::any_of(tails_.begin(), tails_.end(), [](const auto& tail) {
          return tail.second.cursor > tail.second.begin;
        })) {
      response->set_next_page_token(WriteLetterToken(Cursors(), selection_));
    }
    return absl::OkStatus();
  }

 private:
  struct Tail {
    int64_t begin = 0;
    // What is listed is at the cursor or above; what is read is at `read_from`
    // or above, and those that fit are here, by offset.
    int64_t cursor = 0;
    int64_t read_from = 0;
    std::vector<std::pair<int64_t, v1::DeadLetter>> letters;
  };

  // Reads further down where nothing is left to list, until each partition has
  // a letter or is read, or enough was read.
  absl::Status Refill(int64_t* left_to_read) {
    while (*left_to_read > 0) {
      Ranges ranges;
      for (auto& [partition, tail] : tails_) {
        if (!tail.letters.empty() || tail.read_from <= tail.begin) continue;
        const int64_t from = std::max(tail.begin, tail.read_from - kStep);
        ranges[partition] = {from, tail.read_from};
        *left_to_read -= tail.read_from - from;
      }
      if (ranges.empty()) break;
      absl::Status status =
          ReadRanges(consumer_, topic_, ranges, [this](kafka::Record& record) {
            std::optional<v1::DeadLetter> letter = ReadDeadLetter(record);
            if (letter.has_value() && FitsSelection(*letter, selection_)) {
              tails_[record.partition.partition].letters.emplace_back(
                  record.offset, *std::move(letter));
            }
            return false;
          });
      if (!status.ok()) return status;
      for (const auto& [partition, range] : ranges) {
        Tail& tail = tails_[partition];
        tail.read_from = range.begin;
        if (tail.letters.empty()) tail.cursor = range.begin;
      }
    }
    return absl::OkStatus();
  }

  // None where a partition has yet to be read further: its may be newer.
  Tail* Newest() {
    Tail* newest = nullptr;
    for (auto& [partition, tail] : tails_) {
      if (tail.letters.empty()) {
        if (tail.read_from > tail.begin) return nullptr;
      } else if (newest == nullptr || TimeOf(tail) >= TimeOf(*newest)) {
        newest = &tail;
      }
    }
    return newest;
  }

  static std::pair<int64_t, int32_t> TimeOf(const Tail& tail) {
    const auto& time = tail.letters.back().second.create_time();
    return {time.seconds(), time.nanos()};
  }

  LetterCursors Cursors() const {
    LetterCursors cursors;
    for (const auto& [partition, tail] : tails_) {
      cursors[partition] = tail.cursor;
    }
    return cursors;
  }

  kafka::Consumer& consumer_;
  const std::string& topic_;
  const v1::DeadLetterSelection& selection_;
  std::map<int32_t, Tail> tails_;
};

std::string NewClaimId() {
  std::random_device random;
  return absl::StrCat(absl::Hex(absl::ToUnixMicros(absl::Now())), "-",
                      absl::Hex(random()), absl::Hex(random()));
}

// The transactions of one redrive.
class RedriveWriter {
 public:
  RedriveWriter(kafka::TransactionalProducer& producer,
                v1::RedriveDeadLettersResponse& response)
      : producer_(producer), response_(response) {}

  absl::Status Add(kafka::Record record) {
    bytes_ += record.value.value_or("").size();
    batch_.push_back(std::move(record));
    return batch_.size() >= kMaxBatch || bytes_ >= kMaxBatchBytes
               ? Flush()
               : absl::OkStatus();
  }

  absl::Status Flush() {
    if (batch_.empty()) return absl::OkStatus();
    int64_t refused = 0;
    absl::Status status = producer_.Begin();
    for (const kafka::Record& record : batch_) {
      if (!status.ok()) break;
      status = producer_.Produce(RedrivenPage(record, *ReadDeadLetter(record)));
      if (absl::IsInvalidArgument(status)) {
        // Larger than its topic takes by now.
        status = absl::OkStatus();
        ++refused;
        continue;
      }
      if (status.ok()) status = producer_.Produce(RedriveMark(record));
    }
    if (status.ok()) status = producer_.Commit();
    if (!status.ok()) {
      // What the abort leaves, the broker ends.
      producer_.Abort().IgnoreError();
      return absl::AbortedError(
          absl::StrCat("After ", response_.redriven(),
                       " were put back: ", status.message()));
    }
    const int64_t written = static_cast<int64_t>(batch_.size()) - refused;
    response_.set_redriven(response_.redriven() + written);
    response_.set_left(response_.left() + refused);
    batch_.clear();
    bytes_ = 0;
    return absl::OkStatus();
  }

 private:
  kafka::TransactionalProducer& producer_;
  v1::RedriveDeadLettersResponse& response_;
  std::vector<kafka::Record> batch_;
  size_t bytes_ = 0;
};

}  // namespace

absl::StatusOr<v1::ListDeadLettersResponse> DeadLetters::List(
    const v1::ListDeadLettersRequest& request) const {
  if (request.page_size() < 0) {
    return absl::InvalidArgumentError("The page_size must not be negative.");
  }
  const int page_size = request.page_size() == 0
                            ? kDefaultPageSize
                            : std::min(request.page_size(), kMaxPageSize);
  LetterCursors cursors;
  if (!request.page_token().empty()) {
    auto read = ReadLetterToken(request.page_token(), request.selection());
    if (!read.ok()) return read.status();
    cursors = *std::move(read);
  }
  const auto consumer = clients_.consumer();
  if (!consumer.ok()) return consumer.status();
  const absl::StatusOr<Ranges> whole =
      WholeTopic(**consumer, topics_.dead_letters);
  if (!whole.ok()) return whole.status();
  Listing listing(**consumer, topics_.dead_letters, request.selection(),
                  *whole);
  if (!cursors.empty()) listing.GoOnAt(cursors);
  v1::ListDeadLettersResponse response;
  absl::Status status = listing.Fill(static_cast<size_t>(page_size), &response);
  if (!status.ok()) return status;
  return response;
}

absl::StatusOr<v1::GetDeadLetterResponse> DeadLetters::Get(
    const v1::GetDeadLetterRequest& request) const {
  const absl::StatusOr<DeadLetterPlace> place =
      ParseDeadLetterName(request.name());
  if (!place.ok()) return place.status();
  const auto consumer = clients_.consumer();
  if (!consumer.ok()) return consumer.status();
  const absl::StatusOr<Ranges> whole =
      WholeTopic(**consumer, topics_.dead_letters);
  if (!whole.ok()) return whole.status();
  const auto range = whole->find(place->partition);
  v1::GetDeadLetterResponse response;
  if (range != whole->end() && place->offset >= range->second.begin &&
      place->offset < range->second.end) {
    absl::Status status = ReadRanges(
        **consumer, topics_.dead_letters,
        {{place->partition, {place->offset, place->offset + 1}}},
        [&](kafka::Record& record) {
          if (auto letter = ReadDeadLetter(record); letter.has_value()) {
            *response.mutable_dead_letter() = *std::move(letter);
            response.mutable_dead_letter()->set_value(
                std::move(record.value).value_or(""));
          }
          return true;
        });
    if (!status.ok()) return status;
  }
  if (!response.has_dead_letter()) {
    return absl::NotFoundError(
        absl::StrCat("There is no dead letter ", request.name(), "."));
  }
  return response;
}

absl::StatusOr<std::unique_ptr<kafka::TransactionalProducer>>
DeadLetters::Claim(int32_t partitions, const std::string& id) const {
  auto producer = clients_.producer();
  if (!producer.ok()) return producer.status();
  absl::Status status = (*producer)->Init(2 * kBrokerTimeout);
  if (status.ok()) status = (*producer)->Begin();
  for (int32_t partition = 0; status.ok() && partition < partitions;
       ++partition) {
    status =
        (*producer)->Produce(RedriveClaim(topics_.dead_letters, partition, id));
  }
  if (status.ok()) status = (*producer)->Commit();
  if (!status.ok()) return absl::UnavailableError(status.message());
  return producer;
}

absl::StatusOr<v1::RedriveDeadLettersResponse> DeadLetters::Redrive(
    const v1::RedriveDeadLettersRequest& request) const {
  const auto consumer = clients_.consumer();
  if (!consumer.ok()) return consumer.status();
  absl::StatusOr<Ranges> ranges = WholeTopic(**consumer, topics_.dead_letters);
  if (!ranges.ok()) return ranges.status();
  // The end of a topic, as a reader of committed records finds it, is before
  // the first open transaction: what an earlier redrive has committed may stand
  // behind. So this one reads up to a record of its own.
  const std::string id = NewClaimId();
  std::unique_ptr<kafka::TransactionalProducer> producer;
  if (!request.dry_run()) {
    auto claimed = Claim(static_cast<int32_t>(ranges->size()), id);
    if (!claimed.ok()) return claimed.status();
    producer = *std::move(claimed);
    for (auto& [partition, range] : *ranges) range.end = kUntilToldSo;
  }
  v1::RedriveDeadLettersResponse response;
  std::set<DeadLetterPlace> selected;
  std::set<DeadLetterPlace> redriven_before;
  absl::Status status = ReadRanges(
      **consumer, topics_.dead_letters, *ranges, [&](kafka::Record& record) {
        const int32_t partition = record.partition.partition;
        if (IsRedriveClaim(record, id)) {
          (*ranges)[partition].end = record.offset;
          return true;
        }
        if (const auto offset = RedrivenOffset(record)) {
          redriven_before.insert({partition, *offset});
        }
        const auto letter = ReadDeadLetter(record);
        if (!letter.has_value() ||
            !FitsSelection(*letter, request.selection())) {
          return false;
        }
        response.set_selected(response.selected() + 1);
        if (CanBeRedriven(record, *letter, topics_)) {
          selected.insert({partition, record.offset});
        }
        return false;
      });
  if (!status.ok()) return status;
  for (const DeadLetterPlace& place : redriven_before) selected.erase(place);
  response.set_left(response.selected() -
                    static_cast<int64_t>(selected.size()));
  if (request.dry_run() || selected.empty()) return response;
  RedriveWriter writer(*producer, response);
  absl::Status written;
  status = ReadRanges(
      **consumer, topics_.dead_letters, *ranges, [&](kafka::Record& record) {
        if (selected.count({record.partition.partition, record.offset}) == 0) {
          return false;
        }
        if (written.ok()) written = writer.Add(std::move(record));
        return !written.ok();
      });
  if (written.ok()) written = status;
  if (written.ok()) written = writer.Flush();
  if (!written.ok()) return written;
  return response;
}

}  // namespace dateline
