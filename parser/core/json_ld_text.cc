#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "parser/core/json_ld.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr std::pair<absl::string_view, absl::string_view> kReferences[] = {
    {"amp", "&"},    {"lt", "<"},     {"gt", ">"},     {"quot", "\""},
    {"apos", "'"},   {"nbsp", " "},   {"shy", ""},     {"ndash", "–"},
    {"mdash", "—"},  {"lsquo", "‘"},  {"rsquo", "’"},  {"sbquo", "‚"},
    {"ldquo", "“"},  {"rdquo", "”"},  {"bdquo", "„"},  {"laquo", "«"},
    {"raquo", "»"},  {"hellip", "…"}, {"auml", "ä"},   {"ouml", "ö"},
    {"uuml", "ü"},   {"Auml", "Ä"},   {"Ouml", "Ö"},   {"Uuml", "Ü"},
    {"szlig", "ß"},  {"eacute", "é"}, {"egrave", "è"}, {"ecirc", "ê"},
    {"agrave", "à"}, {"aacute", "á"}, {"acirc", "â"},  {"iacute", "í"},
    {"oacute", "ó"}, {"uacute", "ú"}, {"ntilde", "ñ"}, {"ccedil", "ç"},
    {"atilde", "ã"}, {"otilde", "õ"}, {"aring", "å"},  {"aelig", "æ"},
    {"oslash", "ø"}, {"ocirc", "ô"},  {"icirc", "î"},  {"ucirc", "û"},
    {"euro", "€"},   {"Eacute", "É"}, {"iquest", "¿"}, {"iexcl", "¡"}};

void AppendUtf8(uint32_t c, std::string* out) {
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out->push_back(static_cast<char>(0xc0 | (c >> 6)));
    out->push_back(static_cast<char>(0x80 | (c & 0x3f)));
  } else if (c < 0x10000) {
    out->push_back(static_cast<char>(0xe0 | (c >> 12)));
    out->push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3f)));
    out->push_back(static_cast<char>(0x80 | (c & 0x3f)));
  } else {
    out->push_back(static_cast<char>(0xf0 | (c >> 18)));
    out->push_back(static_cast<char>(0x80 | ((c >> 12) & 0x3f)));
    out->push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3f)));
    out->push_back(static_cast<char>(0x80 | (c & 0x3f)));
  }
}

// Resolves the reference named `name` (between "&" and ";"). False where it is
// none.
bool AppendReference(absl::string_view name, std::string* out) {
  uint32_t code = 0;
  if (absl::StartsWithIgnoreCase(name, "#x")) {
    if (!absl::SimpleHexAtoi(name.substr(2), &code)) return false;
  } else if (absl::StartsWith(name, "#")) {
    if (!absl::SimpleAtoi(name.substr(1), &code)) return false;
  } else {
    for (const auto& [known, text] : kReferences) {
      if (known != name) continue;
      out->append(text.data(), text.size());
      return true;
    }
    return false;
  }
  if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
    return false;
  }
  AppendUtf8(code, out);
  return true;
}

std::string ResolveReferences(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t end =
        text[i] == '&' ? text.substr(i, 12).find(';') : absl::string_view::npos;
    if (end != absl::string_view::npos &&
        AppendReference(text.substr(i + 1, end - 1), &out)) {
      i += end;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

// Tags begin with a letter or "/"; "<" alone is a sign.
std::string DropTags(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  const size_t last = text.rfind('>');
  for (size_t i = 0; i < text.size(); ++i) {
    const bool opens =
        last != absl::string_view::npos && i < last && text[i] == '<' &&
        i + 1 < text.size() &&
        (absl::ascii_isalpha(static_cast<unsigned char>(text[i + 1])) ||
         text[i + 1] == '/' || text[i + 1] == '!');
    const size_t end = opens ? text.find('>', i) : absl::string_view::npos;
    if (end == absl::string_view::npos) {
      out.push_back(text[i]);
      continue;
    }
    const absl::string_view tag = text.substr(i + 1, end - i - 1);
    const bool inline_tag = tag == "b" || tag == "i" || tag == "/b" ||
                            tag == "/i" || tag == "em" || tag == "/em" ||
                            tag == "strong" || tag == "/strong" ||
                            tag == "/a" || absl::StartsWith(tag, "a ") ||
                            absl::StartsWith(tag, "span") || tag == "/span";
    if (!inline_tag) out.push_back(' ');
    i = end;
  }
  return out;
}

}  // namespace

std::string PlainText(absl::string_view text) {
  std::string plain(text);
  for (int round = 0; round < 2; ++round) {
    if (plain.find('&') == std::string::npos) break;
    plain = ResolveReferences(plain);
  }
  if (plain.find('<') != std::string::npos) plain = DropTags(plain);
  return CleanText(plain);
}

}  // namespace dateline
