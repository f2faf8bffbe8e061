#ifndef DATELINE_PARSER_LEDGER_PAGE_LEDGER_H_
#define DATELINE_PARSER_LEDGER_PAGE_LEDGER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/kafka/record.h"
#include "parser/core/page_window.h"

namespace dateline {

// The place of one record.
struct RecordPlace {
  kafka::TopicPartition partition;
  int64_t offset = 0;

  auto operator<=>(const RecordPlace&) const = default;
};

enum class Imbalance {
  // Committed by the parsers' group, but without outcome.
  kLost,
  // A second outcome of a page.
  kDuplicated,
  // An article behind that of a later page of its key.
  kReordered,
  // An outcome of a page that is not there.
  kInvented,
};

// "lost", "duplicated", ...
absl::string_view ImbalanceWord(Imbalance kind);

struct Finding {
  Imbalance kind = Imbalance::kLost;
  RecordPlace page;
  // The outcome that is one too many, or late; none for a lost page.
  std::optional<RecordPlace> outcome;
  // Empty for a lost page: only its record tells.
  std::string key;

  bool operator==(const Finding&) const = default;
};

// pages = articles + dead_letters + in_flight + lost, where nothing was
// invented; each duplicate is counted beside.
struct Balance {
  int64_t pages = 0;
  int64_t articles = 0;
  int64_t dead_letters = 0;
  int64_t in_flight = 0;
  int64_t lost = 0;
  int64_t duplicated = 0;
  int64_t reordered = 0;
  int64_t invented = 0;
  // Outcomes whose pages the topic has dropped for their age.
  int64_t expired = 0;
  // The first kMaxFindings.
  std::vector<Finding> findings;

  bool balanced() const {
    return lost == 0 && duplicated == 0 && reordered == 0 && invented == 0;
  }
};

// Balances pages with their outcomes. First all pages are added, then all dead
// letters, then all articles, each partition's in order. Takes two bits an
// offset, and of the keys those alone whose latest article is ahead of a page
// without outcome: as many as the parsers write out of order, at most
// kMaxAhead a partition. What is later than that counts as in order.
class PageLedger {
 public:
  static constexpr size_t kMaxFindings = 1000;
  static constexpr size_t kMaxAhead = 1'000'000;

  // A partition of a pages topic, with the first offset that is still there.
  void AddPartition(const kafka::TopicPartition& partition, int64_t first);

  void AddPage(const RecordPlace& page);
  void AddDeadLetter(const RecordPlace& page, const RecordPlace& outcome,
                     absl::string_view key);
  void AddArticle(const RecordPlace& page, const RecordPlace& outcome,
                  absl::string_view key);

  // `committed` is what the group had committed before the ends up to which
  // the outcomes were read: all that it says is written must be among them.
  Balance Close(
      const std::map<kafka::TopicPartition, WindowMark>& committed) const;

 private:
  struct Partition {
    int64_t first = 0;
    // By offset - first.
    std::vector<bool> pages;
    std::vector<bool> settled;
    // All before it are settled, or are no pages.
    size_t base = 0;
    // The latest page with an article, of keys where it is behind base.
    std::unordered_map<std::string, size_t> latest;
    std::map<size_t, std::string> ahead;
  };

  // Whether it is the first outcome of a page that is there.
  bool Settle(const RecordPlace& page, const RecordPlace& outcome,
              absl::string_view key);
  void CheckOrder(const RecordPlace& page, const RecordPlace& outcome,
                  absl::string_view key);
  static void MoveBase(Partition& partition);

  std::map<kafka::TopicPartition, Partition> partitions_;
  // What is known before Close.
  Balance balance_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_LEDGER_PAGE_LEDGER_H_
