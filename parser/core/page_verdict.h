#ifndef DATELINE_PARSER_CORE_PAGE_VERDICT_H_
#define DATELINE_PARSER_CORE_PAGE_VERDICT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "dateline/v1/dead_letter.pb.h"
#include "parser/core/rules/site_rules.h"

namespace dateline {

// Where a page's record stands.
struct PagePlace {
  std::string topic;
  int32_t partition = 0;
  int64_t offset = 0;
};

// A page to read: all that the answer depends on, besides the rules.
struct PageTask {
  // The bytes of a v1::RawPage, framed (value_frame.h) or not, or of what
  // claims to be one. nullptr: none.
  std::shared_ptr<const std::string> raw_page;
  // Stands in the article as its provenance. A record without URL is malformed;
  // a page of a call, which has no place, may lack it.
  std::optional<PagePlace> place;
  absl::Time now = absl::UnixEpoch();
  // Pages that can't wait go first.
  bool can_wait = false;
  // Whether to explain, as ExplainArticle does.
  bool explain = false;
};

// What became of a page, in bytes that may cross to another process.
struct PageVerdict {
  // A v1::Article, and what the record of it is known by; empty where there is
  // none.
  std::string article;
  std::string uid;
  // The article's URL; without article the page's, where it could be read.
  std::string url;
  // The source that named the page (SourceHints.source), and which of an
  // article's fields that most have are missing in it: "headline", "authors",
  // "publish_time", "section", "language".
  std::string source;
  std::vector<std::string> missing;
  // Why there is no article.
  v1::DeadLetterReason reason = v1::DEAD_LETTER_REASON_UNSPECIFIED;
  std::string message;
  // A v1::Explanation, where it was asked for.
  std::string explanation;

  bool has_article() const { return !article.empty(); }

  bool operator==(const PageVerdict&) const = default;
};

// Reads a page, whatever its bytes are. The same task and rules (as in
// ExtractOptions) give the same verdict; any threads may call it at once.
PageVerdict JudgePage(const PageTask& task, const SiteRules* rules = nullptr);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_PAGE_VERDICT_H_
