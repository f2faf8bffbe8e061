#include "store/core/filter/lexer.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/error_details.h"
#include "store/core/filter/error.h"
#include "store/core/filter/limits.h"
#include "store/core/filter/utf8.h"

namespace dateline::store::filter {
namespace {

constexpr absl::string_view kEndOfText = " \t\r\n()\"'=!<>";
constexpr absl::string_view kEscapable = "\"'\\*";

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool In(absl::string_view set, char c) {
  return set.find(c) != absl::string_view::npos;
}

class Lexer {
 public:
  explicit Lexer(absl::string_view filter) : rest_(filter) {}

  absl::StatusOr<std::vector<Token>> Run() {
    std::vector<Token> tokens;
    do {
      while (!rest_.empty() && IsSpace(rest_[0])) Skip();
      Token token = {.position = position_};
      const bool value_follows =
          !tokens.empty() && tokens.back().kind == TokenKind::kOperator;
      if (absl::Status status = Next(value_follows, token); !status.ok()) {
        return status;
      }
      tokens.push_back(std::move(token));
    } while (tokens.back().kind != TokenKind::kEnd);
    return tokens;
  }

 private:
  absl::Status Next(bool value_follows, Token& token) {
    if (rest_.empty()) return absl::OkStatus();
    const char c = rest_[0];
    if (c == '(') return Symbol(TokenKind::kOpen, 1, token);
    if (c == ')') return Symbol(TokenKind::kClose, 1, token);
    if (c == '-' && !value_follows) return Symbol(TokenKind::kMinus, 1, token);
    if (In("=!<>", c) || (c == ':' && !value_follows)) return Operator(token);
    if (c == '"' || c == '\'') return String(token);
    return Text(value_follows, token);
  }

  absl::Status Operator(Token& token) {
    const bool two = rest_.size() > 1 && rest_[1] == '=' && In("!<>", rest_[0]);
    if (rest_[0] == '!' && !two) {
      return FilterError(position_, "expected '=' after '!'");
    }
    return Symbol(TokenKind::kOperator, two ? 2 : 1, token);
  }

  absl::Status String(Token& token) {
    token.kind = TokenKind::kString;
    const char quote = rest_[0];
    Skip();
    while (!rest_.empty() && rest_[0] != quote) {
      if (absl::Status status = Character(token); !status.ok()) return status;
    }
    if (rest_.empty()) {
      return FilterError(
          token.position,
          absl::StrCat("expected a closing ", absl::string_view(&quote, 1),
                       " for the one here"));
    }
    Skip();
    return absl::OkStatus();
  }

  absl::Status Text(bool value_follows, Token& token) {
    token.kind = TokenKind::kText;
    const absl::string_view begin = rest_;
    while (!rest_.empty() && !In(kEndOfText, rest_[0]) &&
           (value_follows || rest_[0] != ':')) {
      if (absl::Status status = Character(token); !status.ok()) return status;
    }
    const absl::string_view raw = begin.substr(0, begin.size() - rest_.size());
    if (raw == "AND") token.kind = TokenKind::kAnd;
    if (raw == "OR") token.kind = TokenKind::kOr;
    if (raw == "NOT") token.kind = TokenKind::kNot;
    return absl::OkStatus();
  }

  // Appends one character of a text or string.
  absl::Status Character(Token& token) {
    if (rest_[0] == '*') {
      token.wildcards.push_back(token.text.size());
      Skip();
      return absl::OkStatus();
    }
    if (rest_[0] == '\\') {
      if (rest_.size() < 2 || !In(kEscapable, rest_[1])) {
        return FilterError(position_,
                           "expected one of \" ' \\ * after a backslash");
      }
      Skip();
    }
    const size_t size = CharacterSize(rest_);
    if (size == 0) return FilterError(position_, "expected valid UTF-8");
    if (absl::ascii_iscntrl(static_cast<unsigned char>(rest_[0]))) {
      return FilterError(position_, "expected no control character");
    }
    token.text.append(rest_.data(), size);
    Skip(size);
    return absl::OkStatus();
  }

  absl::Status Symbol(TokenKind kind, size_t size, Token& token) {
    token.kind = kind;
    token.text = std::string(rest_.substr(0, size));
    for (size_t i = 0; i < size; ++i) Skip();
    return absl::OkStatus();
  }

  // Over one character of `bytes` bytes.
  void Skip(size_t bytes = 1) {
    rest_.remove_prefix(bytes);
    ++position_;
  }

  absl::string_view rest_;
  int position_ = 1;
};

}  // namespace

absl::StatusOr<std::vector<Token>> Tokenize(absl::string_view filter) {
  if (filter.size() > kMaxFilterBytes) {
    return InvalidField(
        "filter", absl::StrCat("longer than ", kMaxFilterBytes, " bytes"));
  }
  return Lexer(filter).Run();
}

}  // namespace dateline::store::filter
