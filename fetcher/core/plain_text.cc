#include "fetcher/core/plain_text.h"

#include <libxml/HTMLparser.h>

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace dateline::fetcher {
namespace {

void AppendUtf8(uint32_t code, std::string& out) {
  const auto put = [&](uint32_t byte) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

bool IsCharacter(uint32_t code) {
  return (code >= 0x20 || code == '\n' || code == '\t') && code <= 0x10FFFF &&
         (code < 0xD800 || code > 0xDFFF) && (code < 0x7F || code > 0x9F);
}

// What "&NAME;" stands for, without its marks; empty where that is nothing.
std::string Reference(absl::string_view name) {
  if (!absl::ConsumePrefix(&name, "#")) return NamedEntity(name);
  uint32_t code = 0;
  const bool is_hex =
      absl::ConsumePrefix(&name, "x") || absl::ConsumePrefix(&name, "X");
  if (name.empty() || name.size() > 7) return "";
  const bool parsed =
      is_hex ? absl::SimpleHexAtoi(name, &code) : absl::SimpleAtoi(name, &code);
  std::string out;
  if (parsed && IsCharacter(code)) AppendUtf8(code, out);
  return out;
}

constexpr size_t kLongestReference = 32;

// Consumes one reference at the front of `html`, which begins with "&".
std::string ConsumeReference(absl::string_view& html) {
  const size_t end = html.substr(0, kLongestReference).find(';');
  if (end != absl::string_view::npos) {
    std::string text = Reference(html.substr(1, end - 1));
    if (!text.empty()) {
      html.remove_prefix(end + 1);
      return text;
    }
  }
  html.remove_prefix(1);
  return "&";
}

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// A "<" opens a tag only before a letter, "/", "!" or "?", as in HTML.
bool OpensTag(absl::string_view html) {
  return html.size() > 1 &&
         (absl::ascii_isalpha(static_cast<unsigned char>(html[1])) ||
          html[1] == '/' || html[1] == '!' || html[1] == '?');
}

}  // namespace

std::string NamedEntity(absl::string_view name) {
  const std::string terminated(name);
  const htmlEntityDesc* entity =
      htmlEntityLookup(reinterpret_cast<const xmlChar*>(terminated.c_str()));
  std::string out;
  if (entity != nullptr) AppendUtf8(entity->value, out);
  return out;
}

std::string CollapseSpace(absl::string_view text, size_t max_bytes) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte != 0x7F) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
    if (out.size() > max_bytes) break;
  }
  if (out.size() > max_bytes) {
    size_t end = max_bytes;
    while (end > 0 && IsContinuation(out[end])) --end;
    out.resize(end);
  }
  absl::StripTrailingAsciiWhitespace(&out);
  return out;
}

std::string PlainText(absl::string_view html, size_t max_bytes) {
  std::string text;
  // White space may shrink, so read some more than is kept, to the end of a
  // character.
  while (!html.empty() &&
         (text.size() < 4 * max_bytes || IsContinuation(html[0]))) {
    if (html[0] == '&') {
      text += ConsumeReference(html);
      continue;
    }
    if (html[0] == '<' && OpensTag(html)) {
      const size_t end = html.find('>');
      if (end == absl::string_view::npos) break;
      html.remove_prefix(end + 1);
      text.push_back(' ');
      continue;
    }
    text.push_back(html[0]);
    html.remove_prefix(1);
  }
  return CollapseSpace(text, max_bytes);
}

}  // namespace dateline::fetcher
