#ifndef DATELINE_PARSER_REPARSE_REPARSE_REPORT_H_
#define DATELINE_PARSER_REPARSE_REPARSE_REPORT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "parser/reparse/known_articles.h"

namespace dateline {

// "unchanged", "changed", ...
std::string ReparseWord(ReparseResult result);

// Counts what became of pages that were read again, by site and by field.
class ReparseReport {
 public:
  // At most so many sites are told apart; all further ones are "other".
  static constexpr size_t kMaxSites = 10'000;

  void Count(const std::string& site, ReparseResult result,
             const std::vector<std::string>& changed);
  // What was no page to read, or could not be written, by a word that says why.
  void CountLeftOut(const std::string& why, int64_t count);
  // Articles written again, as an older one stood behind them.
  void CountUncovered(int64_t articles) { uncovered_ += articles; }

  int64_t pages() const { return pages_; }
  int64_t Of(ReparseResult result) const;
  int64_t uncovered() const { return uncovered_; }
  const std::map<std::string, int64_t>& left_out() const { return left_out_; }

  // Tables for people: totals, fields, and the sites with most changes.
  std::string ToText() const;
  // {"pages", "results": {WORD: N}, "fields": {NAME: N}, "sites": {SITE:
  // {"results": ..., "fields": ...}}, "uncovered", "left_out": {WHY: N}}, one
  // line.
  std::string ToJson() const;

 private:
  struct Site {
    std::map<ReparseResult, int64_t> results;
    std::map<std::string, int64_t> fields;
  };

  int64_t pages_ = 0;
  int64_t uncovered_ = 0;
  std::map<std::string, int64_t> left_out_;
  Site all_;
  std::map<std::string, Site> sites_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_REPARSE_REPARSE_REPORT_H_
