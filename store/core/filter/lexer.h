#ifndef DATELINE_STORE_CORE_FILTER_LEXER_H_
#define DATELINE_STORE_CORE_FILTER_LEXER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dateline::store::filter {

enum class TokenKind {
  kText,    // a name or a value without quotes
  kString,  // a value in quotes
  kAnd,
  kOr,
  kNot,
  kMinus,  // before a restriction or parenthesis: NOT
  kOperator,
  kOpen,
  kClose,
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  // kText, kString: the text, escapes resolved and wildcards taken out.
  // Others: as it stands.
  std::string text = {};
  // Where in `text` wildcards (`*` not escaped) stood, as byte offsets.
  std::vector<size_t> wildcards = {};
  // Of its first character in the filter, from 1.
  int position = 1;

  bool operator==(const Token&) const = default;
};

// The filter's tokens, the last one kEnd. Keywords are AND, OR and NOT in upper
// case, without quotes. Right behind an operator, text without quotes may hold
// colons, so that times need no quotes. kInvalidArgument for what is no UTF-8,
// for control characters, open quotes and unknown escapes.
absl::StatusOr<std::vector<Token>> Tokenize(absl::string_view filter);

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_LEXER_H_
