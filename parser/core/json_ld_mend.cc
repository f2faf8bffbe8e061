#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "parser/core/json_ld.h"

namespace dateline {
namespace {

// Copies JSON token by token, leaving out or adding what makes it well-formed.
class Mender {
 public:
  explicit Mender(absl::string_view in) : in_(in) { out_.reserve(in.size()); }

  std::string Run() {
    constexpr size_t kMostDepth = 500;
    while (at_ < in_.size() && open_.size() < kMostDepth) Step();
    DropTrailingComma();
    while (!open_.empty()) Close();
    return absl::StrCat("[", out_, "]");
  }

 private:
  bool Skip(absl::string_view mark) {
    if (!absl::StartsWith(in_.substr(at_), mark)) return false;
    at_ += mark.size();
    return true;
  }

  void SkipPast(absl::string_view mark) {
    const size_t end = in_.find(mark, at_);
    at_ = end == absl::string_view::npos ? in_.size() : end + mark.size();
  }

  void Step() {
    const char c = in_[at_];
    if (c == '"' && !open_.empty()) return String();
    if (Skip("//<![CDATA[") || Skip("<![CDATA[") || Skip("//]]>") ||
        Skip("]]>") || Skip("<!--") || Skip("-->")) {
      return;
    }
    if (Skip("/*")) return SkipPast("*/");
    if (Skip("//")) return SkipPast("\n");
    ++at_;
    if (c == ',' && EndsWithAny(":")) out_ += "null";
    if (c == '{' || c == '[') {
      if (EndsWithAny("}]")) out_.push_back(',');
      open_.push_back(c);
      out_.push_back(c);
    } else if (c == '}' || c == ']') {
      CloseWith(c);
    } else if (!open_.empty() && c != ';' &&
               (c != ',' || !EndsWithAny("{[,:"))) {
      const bool is_space = static_cast<unsigned char>(c) <= 0x20;
      // One space for many keeps looking back cheap.
      if (is_space && absl::EndsWith(out_, " ")) return;
      out_.push_back(is_space ? ' ' : c);
    }
  }

  // A stray closing bracket is dropped; one that closes an outer level closes
  // the inner ones first.
  void CloseWith(char c) {
    const char opener = c == '}' ? '{' : '[';
    const size_t match = open_.rfind(opener);
    if (match == std::string::npos) return;
    DropTrailingComma();
    while (open_.size() > match) Close();
  }

  void Close() {
    out_.push_back(open_.back() == '{' ? '}' : ']');
    open_.pop_back();
  }

  // Whether a quote at `position` ends its string: what follows must be
  // punctuation of JSON.
  bool EndsString(size_t position) const {
    const size_t next = in_.find_first_not_of(" \t\r\n", position + 1);
    if (next == absl::string_view::npos) return true;
    const char c = in_[next];
    if (c == ':' || c == '}' || c == ']') return true;
    if (c == '/') return true;
    if (c != ',')
      return c == '"' && in_.substr(position, next - position).find('\n') !=
                             absl::string_view::npos;
    const size_t after = in_.find_first_not_of(" \t\r\n", next + 1);
    return after == absl::string_view::npos ||
           absl::string_view("\"{[]}-0123456789tfn/").find(in_[after]) !=
               absl::string_view::npos;
  }

  void String() {
    if (EndsWithAny("\"")) out_.push_back(',');
    out_.push_back('"');
    for (++at_; at_ < in_.size(); ++at_) {
      const char c = in_[at_];
      if (c == '\\' && at_ + 1 < in_.size()) {
        Escape(in_[++at_]);
      } else if (c == '"') {
        if (EndsString(at_)) break;
        out_ += "\\\"";
      } else if (static_cast<unsigned char>(c) < 0x20) {
        out_ += absl::StrFormat("\\u%04x", static_cast<unsigned char>(c));
      } else {
        out_.push_back(c);
      }
    }
    ++at_;
    out_.push_back('"');
  }

  void Escape(char c) {
    if (absl::string_view("\"\\/bfnrtu").find(c) != absl::string_view::npos) {
      out_.push_back('\\');
    }
    if (static_cast<unsigned char>(c) >= 0x20) out_.push_back(c);
  }

  bool EndsWithAny(absl::string_view marks) const {
    const size_t last = out_.find_last_not_of(" \t\r\n");
    return last != std::string::npos &&
           marks.find(out_[last]) != absl::string_view::npos;
  }

  void DropTrailingComma() {
    const size_t last = out_.find_last_not_of(" \t\r\n");
    if (last != std::string::npos && out_[last] == ',') out_.resize(last);
    if (EndsWithAny(":")) out_ += "null";
  }

  absl::string_view in_;
  size_t at_ = 0;
  std::string out_;
  std::string open_;
};

}  // namespace

std::string MendJson(absl::string_view json) { return Mender(json).Run(); }

}  // namespace dateline
