#include "parser/core/page_data.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr size_t kFewestBytes = 300;
constexpr size_t kMostBytes = size_t{4} << 20;
constexpr size_t kMostBytesTogether = size_t{8} << 20;
constexpr size_t kMostDocuments = 40;
// Assignments of one script that are looked at.
constexpr int kMostTries = 30;

// The end of the bracket that opens at `begin`; npos where it isn't closed.
// Knows strings, which is all that JSON needs.
size_t EndOfBrackets(absl::string_view text, size_t begin) {
  size_t depth = 0;
  for (size_t i = begin; i < text.size(); ++i) {
    switch (text[i]) {
      case '"':
        for (++i; i < text.size() && text[i] != '"'; ++i) {
          if (text[i] == '\\') ++i;
        }
        break;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (--depth == 0) return i + 1;
        break;
      default:
        break;
    }
  }
  return absl::string_view::npos;
}

// Where a tag that begins with `tag`, in any case, stands from `at` on; npos
// where none does.
size_t FindTag(absl::string_view text, absl::string_view tag, size_t at) {
  for (at = text.find('<', at); at != absl::string_view::npos;
       at = text.find('<', at + 1)) {
    // Of most tags the second character already tells.
    if (at + 1 < text.size() && (text[at + 1] | 0x20) == (tag[1] | 0x20) &&
        absl::EqualsIgnoreCase(text.substr(at, tag.size()), tag)) {
      return at;
    }
  }
  return at;
}

size_t SkipSpace(absl::string_view text, size_t at) {
  while (at < text.size() &&
         absl::ascii_isspace(static_cast<unsigned char>(text[at]))) {
    ++at;
  }
  return at;
}

// Whether what opens at `at` can be JSON: programs write `{a: 1}`.
bool OpensJson(absl::string_view text, size_t at) {
  if (at >= text.size()) return false;
  const size_t next = SkipSpace(text, at + 1);
  if (next >= text.size()) return false;
  if (text[at] == '{') return text[next] == '"';
  return text[at] == '[' && (text[next] == '{' || text[next] == '"');
}

// The value of the four hexadecimal digits at `at`; false where there are none.
bool ReadHex(absl::string_view text, size_t at, size_t digits, uint32_t* code) {
  if (at + digits > text.size()) return false;
  *code = 0;
  for (const char c : text.substr(at, digits)) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return false;
    const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
    *code = *code * 16 + static_cast<uint32_t>(lower <= '9' ? lower - '0'
                                                            : lower - 'a' + 10);
  }
  return true;
}

// What a JavaScript string says; `text` opens with its quotation mark.
// Surrogates stay escaped: JSON reads them itself. Empty where it isn't closed.
std::string ReadScriptString(absl::string_view text) {
  const char quote = text[0];
  std::string out;
  for (size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == quote) return out;
    if (c != '\\' || i + 1 >= text.size()) {
      out.push_back(c);
      continue;
    }
    const char escaped = text[++i];
    uint32_t code = 0;
    switch (escaped) {
      case 'n':
        out.push_back('\n');
        break;
      case 't':
        out.push_back('\t');
        break;
      case 'r':
      case 'b':
      case 'f':
        break;
      case 'x':
        if (ReadHex(text, i + 1, 2, &code)) {
          AppendUtf8(code, &out);
          i += 2;
        }
        break;
      case 'u':
        if (!ReadHex(text, i + 1, 4, &code)) break;
        if (code >= 0xd800 && code < 0xe000) {
          out.append("\\u");
        } else {
          AppendUtf8(code, &out);
          i += 4;
        }
        break;
      default:
        out.push_back(escaped);
    }
  }
  return "";
}

class Finder {
 public:
  explicit Finder(absl::string_view source) : source_(source) {}

  std::vector<PageData> Find() {
    size_t at = FindTag(source_, "<script", 0);
    while (at != absl::string_view::npos && !IsFull()) {
      const size_t open = source_.find('>', at);
      if (open == absl::string_view::npos) break;
      size_t close = FindTag(source_, "</script", open);
      if (close == absl::string_view::npos) close = source_.size();
      if (close - open > kFewestBytes) {
        Script(
            absl::AsciiStrToLower(source_.substr(at, open - at).substr(0, 500)),
            source_.substr(open + 1, close - open - 1));
      }
      at = FindTag(source_, "<script", close);
    }
    return std::move(found_);
  }

 private:
  bool IsFull() const {
    return found_.size() >= kMostDocuments || bytes_ >= kMostBytesTogether;
  }

  void Script(absl::string_view tag, absl::string_view text) {
    if (absl::StrContains(tag, "ld+json")) return;
    if (absl::StrContains(tag, "json")) {
      PageData data;
      data.json = absl::StripAsciiWhitespace(text);
      data.is_flat = absl::StrContains(tag, "__nuxt_data__");
      Take(std::move(data));
      return;
    }
    Assignments(text);
  }

  void Assignments(absl::string_view text) {
    constexpr absl::string_view kParse = "JSON.parse(";
    int tries = 0;
    for (size_t at = text.find('='); at != absl::string_view::npos;
         at = text.find('=', at)) {
      at = SkipSpace(text, at + 1);
      if (at + kFewestBytes > text.size() || IsFull()) return;
      if (absl::StartsWith(text.substr(at, kParse.size()), kParse)) {
        const size_t quote = SkipSpace(text, at + kParse.size());
        if (quote >= text.size() ||
            (text[quote] != '"' && text[quote] != '\'')) {
          continue;
        }
        if (++tries > kMostTries) return;
        PageData data;
        data.unescaped = ReadScriptString(text.substr(quote, kMostBytes));
        Take(std::move(data));
      } else if (OpensJson(text, at)) {
        if (++tries > kMostTries) return;
        const size_t end = EndOfBrackets(text, at);
        if (end == absl::string_view::npos) continue;
        PageData data;
        data.json = text.substr(at, end - at);
        Take(std::move(data));
        at = end;
      }
    }
  }

  void Take(PageData data) {
    const size_t size = data.text().size();
    if (size < kFewestBytes || size > kMostBytes) return;
    bytes_ += size;
    if (bytes_ <= kMostBytesTogether) found_.push_back(std::move(data));
  }

  const absl::string_view source_;
  size_t bytes_ = 0;
  std::vector<PageData> found_;
};

}  // namespace

std::vector<PageData> FindPageData(absl::string_view source) {
  return Finder(source).Find();
}

}  // namespace dateline
