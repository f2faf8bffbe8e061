#ifndef DATELINE_PARSER_CORE_DATES_TOKENS_H_
#define DATELINE_PARSER_CORE_DATES_TOKENS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dateline {

// A text cut up for reading dates: lower case, digits of all scripts as ASCII.
struct DateToken {
  enum Kind { kNumber, kWord, kMark };
  Kind kind;
  absl::string_view text;  // views DateTokens::lower
  int value = 0;           // of a number of at most 9 digits
  size_t begin = 0;        // in DateTokens::lower
  bool after_space = false;

  bool Is(absl::string_view word) const { return text == word; }
};

class DateTokens {
 public:
  // Reads at most the first 400 bytes, 160 tokens.
  explicit DateTokens(absl::string_view text);
  DateTokens(const DateTokens&) = delete;
  DateTokens& operator=(const DateTokens&) = delete;

  size_t size() const { return tokens_.size(); }
  // A mark with empty text beyond the end.
  const DateToken& operator[](size_t i) const {
    return i < tokens_.size() ? tokens_[i] : end_;
  }
  absl::string_view lower() const { return lower_; }

 private:
  std::string lower_;
  std::vector<DateToken> tokens_;
  const DateToken end_{DateToken::kMark, "", 0, 0, false};
};

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_DATES_TOKENS_H_
