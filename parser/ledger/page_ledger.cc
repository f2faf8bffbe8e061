#include "parser/ledger/page_ledger.h"

#include <algorithm>
#include <utility>

namespace dateline {
namespace {

void Find(Balance& balance, Finding finding) {
  switch (finding.kind) {
    case Imbalance::kLost:
      ++balance.lost;
      break;
    case Imbalance::kDuplicated:
      ++balance.duplicated;
      break;
    case Imbalance::kReordered:
      ++balance.reordered;
      break;
    case Imbalance::kInvented:
      ++balance.invented;
      break;
  }
  if (balance.findings.size() < PageLedger::kMaxFindings) {
    balance.findings.push_back(std::move(finding));
  }
}

// What a mark says is written: as the next parser will read it.
class WrittenPages {
 public:
  explicit WrittenPages(const WindowMark& mark)
      : base_(mark.offset), window_(PageWindow::Resume(mark)) {}

  // Asked for in rising order.
  bool Has(int64_t offset) {
    if (offset < base_) return true;
    // Marks tell of no page further behind.
    if (offset - base_ > PageWindow::kMaxSpan) return false;
    return !window_.Admit(offset, "");
  }

 private:
  const int64_t base_;
  PageWindow window_;
};

}  // namespace

absl::string_view ImbalanceWord(Imbalance kind) {
  switch (kind) {
    case Imbalance::kLost:
      return "lost";
    case Imbalance::kDuplicated:
      return "duplicated";
    case Imbalance::kReordered:
      return "reordered";
    case Imbalance::kInvented:
      return "invented";
  }
  return "unknown";
}

void PageLedger::AddPartition(const kafka::TopicPartition& partition,
                              int64_t first) {
  partitions_[partition].first = first;
}

void PageLedger::AddPage(const RecordPlace& page) {
  Partition& partition = partitions_[page.partition];
  if (page.offset < partition.first) return;
  const size_t at = static_cast<size_t>(page.offset - partition.first);
  if (at >= partition.pages.size()) {
    partition.pages.resize(at + 1);
    partition.settled.resize(at + 1);
  }
  partition.pages[at] = true;
  ++balance_.pages;
}

void PageLedger::AddDeadLetter(const RecordPlace& page,
                               const RecordPlace& outcome,
                               absl::string_view key) {
  if (Settle(page, outcome, key)) ++balance_.dead_letters;
}

void PageLedger::AddArticle(const RecordPlace& page, const RecordPlace& outcome,
                            absl::string_view key) {
  if (!Settle(page, outcome, key)) return;
  ++balance_.articles;
  CheckOrder(page, outcome, key);
}

bool PageLedger::Settle(const RecordPlace& page, const RecordPlace& outcome,
                        absl::string_view key) {
  const auto found = partitions_.find(page.partition);
  if (found != partitions_.end() && page.offset < found->second.first) {
    ++balance_.expired;
    return false;
  }
  const size_t at =
      found == partitions_.end()
          ? 0
          : static_cast<size_t>(page.offset - found->second.first);
  if (found == partitions_.end() || at >= found->second.pages.size() ||
      !found->second.pages[at]) {
    Find(balance_, {Imbalance::kInvented, page, outcome, std::string(key)});
    return false;
  }
  if (found->second.settled[at]) {
    Find(balance_, {Imbalance::kDuplicated, page, outcome, std::string(key)});
    return false;
  }
  found->second.settled[at] = true;
  return true;
}

void PageLedger::CheckOrder(const RecordPlace& page, const RecordPlace& outcome,
                            absl::string_view key) {
  Partition& partition = partitions_[page.partition];
  const size_t at = static_cast<size_t>(page.offset - partition.first);
  const auto [latest, is_new] = partition.latest.emplace(key, at);
  if (!is_new && latest->second > at) {
    Find(balance_, {Imbalance::kReordered, page, outcome, std::string(key)});
  } else {
    if (!is_new) partition.ahead.erase(latest->second);
    latest->second = at;
    partition.ahead.emplace(at, key);
  }
  MoveBase(partition);
}

void PageLedger::MoveBase(Partition& partition) {
  while (
      partition.base < partition.pages.size() &&
      (!partition.pages[partition.base] || partition.settled[partition.base])) {
    ++partition.base;
  }
  while (!partition.ahead.empty() &&
         (partition.ahead.begin()->first < partition.base ||
          partition.ahead.size() > kMaxAhead)) {
    partition.latest.erase(partition.ahead.begin()->second);
    partition.ahead.erase(partition.ahead.begin());
  }
}

Balance PageLedger::Close(
    const std::map<kafka::TopicPartition, WindowMark>& committed) const {
  Balance balance = balance_;
  for (const auto& [name, partition] : partitions_) {
    const auto mark = committed.find(name);
    WrittenPages written(mark == committed.end() ? WindowMark{} : mark->second);
    for (size_t at = 0; at < partition.pages.size(); ++at) {
      if (!partition.pages[at] || partition.settled[at]) continue;
      const int64_t offset = partition.first + static_cast<int64_t>(at);
      if (written.Has(offset)) {
        Find(balance, {Imbalance::kLost, {name, offset}, std::nullopt, ""});
      } else {
        ++balance.in_flight;
      }
    }
  }
  return balance;
}

}  // namespace dateline
