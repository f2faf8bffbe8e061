#ifndef DATELINE_PARSER_LEDGER_FRONTIER_LEDGER_H_
#define DATELINE_PARSER_LEDGER_FRONTIER_LEDGER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/kafka/record.h"

namespace dateline {

// A URL that does not balance.
struct UrlFinding {
  std::string url;
  // "lost", "page_missing".
  std::string kind;

  bool operator==(const UrlFinding&) const = default;
};

// urls = outcomes + in_flight + lost.
struct FrontierBalance {
  // Taken to be fetched as pages.
  int64_t urls = 0;
  // Those whose last fetch has an outcome.
  int64_t outcomes = 0;
  // Those that are yet to be fetched.
  int64_t in_flight = 0;
  // Neither fetched nor to be.
  int64_t lost = 0;
  // Among the outcomes: fetched, but the page is not on its topic.
  int64_t pages_missing = 0;
  // The first kMaxFindings.
  std::vector<UrlFinding> findings;

  bool balanced() const { return lost == 0 && pages_missing == 0; }
};

// Balances the URLs of the frontier with the pages. First all of `frontier` is
// added, each partition's records in order, then all of `pages`, read up to an
// end that was asked for later. Takes some 200 bytes a URL, 100 a page.
class FrontierLedger {
 public:
  static constexpr size_t kMaxFindings = 1000;

  void AddFrontier(const kafka::Record& record);
  void AddPage(absl::string_view uid) { pages_.insert(std::string(uid)); }

  // Pages fetched before `pages_since` may be gone from their topic.
  FrontierBalance Close(absl::Time pages_since) const;

 private:
  struct Url {
    bool is_submitted = false;
    bool has_outcome = false;
    bool is_fetched = false;
    bool has_next = false;
    absl::Time last_fetch = absl::InfinitePast();
  };

  std::unordered_map<std::string, Url> urls_;
  absl::flat_hash_set<std::string> pages_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_LEDGER_FRONTIER_LEDGER_H_
