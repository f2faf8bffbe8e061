#include "parser/core/charset.h"

#include <unicode/ucsdet.h>

#include <algorithm>
#include <memory>

#include "lexbor/encoding/encoding.h"
#include "lexbor/html/encoding.h"
#include "parser/core/text.h"
#include "simdjson.h"

namespace dateline {
namespace {

// The standard reads the first 1,024 bytes; pages that put scripts first have
// their meta element later, and browsers find it there too.
constexpr size_t kPrescanBytes = 8192;
constexpr size_t kDetectBytes = 64 << 10;
// A page with fewer ill-formed sequences than one in this many non-ASCII bytes
// is still what it says.
constexpr size_t kToleratedErrorShare = 20;

using Encoding = const lxb_encoding_data_t*;

const lxb_char_t* Bytes(absl::string_view text) {
  return reinterpret_cast<const lxb_char_t*>(text.data());
}

Encoding ByLabel(absl::string_view label) {
  if (label.empty()) return nullptr;
  return lxb_encoding_data_by_pre_name(Bytes(label), label.size());
}

Encoding PrescanMeta(absl::string_view bytes) {
  struct Destroy {
    void operator()(lxb_html_encoding_t* p) const {
      lxb_html_encoding_destroy(p, true);
    }
  };
  std::unique_ptr<lxb_html_encoding_t, Destroy> scan(
      lxb_html_encoding_create());
  if (scan == nullptr || lxb_html_encoding_init(scan.get()) != LXB_STATUS_OK) {
    return nullptr;
  }
  size_t size = 0;
  const size_t end = std::min(bytes.size(), kPrescanBytes);
  const lxb_char_t* name = lxb_html_encoding_prescan(scan.get(), Bytes(bytes),
                                                     Bytes(bytes) + end, &size);
  return name == nullptr ? nullptr
                         : lxb_encoding_data_prescan_validate(name, size);
}

Encoding Detect(absl::string_view bytes) {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(
      ucsdet_open(&status), &ucsdet_close);
  if (U_FAILURE(status)) return nullptr;
  ucsdet_enableInputFilter(detector.get(), true);
  const size_t size = std::min(bytes.size(), kDetectBytes);
  ucsdet_setText(detector.get(), bytes.data(), static_cast<int32_t>(size),
                 &status);
  const UCharsetMatch* match = ucsdet_detect(detector.get(), &status);
  if (U_FAILURE(status) || match == nullptr) return nullptr;
  if (ucsdet_getConfidence(match, &status) < 20) return nullptr;
  const char* name = ucsdet_getName(match, &status);
  if (U_FAILURE(status) || name == nullptr) return nullptr;
  return ByLabel(name);
}

struct Utf8Count {
  size_t non_ascii = 0;
  size_t errors = 0;
};

// Without a way out but after whole blocks, so that compilers look at many
// bytes at once.
bool HasNonAscii(absl::string_view bytes) {
  constexpr size_t kBlockBytes = 4096;
  for (; !bytes.empty();
       bytes.remove_prefix(std::min(kBlockBytes, bytes.size()))) {
    uint8_t all = 0;
    for (const char c : bytes.substr(0, kBlockBytes)) {
      all |= static_cast<uint8_t>(c);
    }
    if (all >= 0x80) return true;
  }
  return false;
}

// Exact only where there are errors; else `non_ascii` says whether there are
// any.
Utf8Count CountUtf8(absl::string_view bytes) {
  Utf8Count count;
  if (simdjson::validate_utf8(bytes.data(), bytes.size())) {
    count.non_ascii = HasNonAscii(bytes) ? 1 : 0;
    return count;
  }
  for (size_t i = 0; i < bytes.size();) {
    if (static_cast<unsigned char>(bytes[i]) < 0x80) {
      ++i;
      continue;
    }
    const size_t before = i;
    const uint32_t c = NextCodePoint(bytes, &i);
    count.non_ascii += i - before;
    if (c == 0xfffd && i - before == 1) ++count.errors;
  }
  return count;
}

bool IsPlausibleUtf8(const Utf8Count& count) {
  return count.errors == 0 ||
         count.errors * kToleratedErrorShare < count.non_ascii;
}

struct Choice {
  Encoding encoding;
  const char* source;
};

Choice Choose(absl::string_view bytes, absl::string_view http_charset,
              bool is_html, const Utf8Count& utf8) {
  const Encoding utf_8 = lxb_encoding_data(LXB_ENCODING_UTF_8);
  Choice declared{ByLabel(http_charset), "http"};
  if (declared.encoding == nullptr && is_html) {
    declared = {PrescanMeta(bytes), "meta"};
  }
  if (declared.encoding != nullptr) {
    const lxb_encoding_t said = declared.encoding->encoding;
    const bool is_utf16 =
        said == LXB_ENCODING_UTF_16LE || said == LXB_ENCODING_UTF_16BE;
    if (said == LXB_ENCODING_UTF_8) {
      if (IsPlausibleUtf8(utf8)) return declared;
    } else if (is_utf16 || said == LXB_ENCODING_ISO_2022_JP ||
               utf8.non_ascii == 0 || utf8.errors > 0) {
      return declared;
    }
  }
  if (utf8.non_ascii > 0 && IsPlausibleUtf8(utf8)) return {utf_8, "detected"};
  if (declared.encoding != nullptr && utf8.non_ascii == 0) return declared;
  if (utf8.non_ascii == 0 &&
      bytes.substr(0, kDetectBytes).find('\x1b') == absl::string_view::npos) {
    return {utf_8, "default"};
  }
  if (const Encoding detected = Detect(bytes); detected != nullptr) {
    return {detected, "detected"};
  }
  return {lxb_encoding_data(LXB_ENCODING_WINDOWS_1252), "default"};
}

void AppendUtf8(lxb_codepoint_t c, DecodedText* out) {
  if (c == 0xfffd || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
    out->charset.has_errors = true;
    c = 0xfffd;
  }
  std::string& s = out->storage;
  if (c < 0x80) {
    s.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    s.push_back(static_cast<char>(0xc0 | (c >> 6)));
    s.push_back(static_cast<char>(0x80 | (c & 0x3f)));
  } else if (c < 0x10000) {
    s.push_back(static_cast<char>(0xe0 | (c >> 12)));
    s.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3f)));
    s.push_back(static_cast<char>(0x80 | (c & 0x3f)));
  } else {
    s.push_back(static_cast<char>(0xf0 | (c >> 18)));
    s.push_back(static_cast<char>(0x80 | ((c >> 12) & 0x3f)));
    s.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3f)));
    s.push_back(static_cast<char>(0x80 | (c & 0x3f)));
  }
}

void ConvertInto(absl::string_view bytes, Encoding encoding, DecodedText* out) {
  out->owned = true;
  out->storage.reserve(bytes.size() + bytes.size() / 8);
  const lxb_codepoint_t replacement = 0xfffd;
  lxb_codepoint_t buffer[2048];
  lxb_encoding_decode_t decoder;
  lxb_encoding_decode_init(&decoder, encoding, buffer, 2048);
  lxb_encoding_decode_replace_set(&decoder, &replacement, 1);
  const lxb_char_t* at = Bytes(bytes);
  const lxb_char_t* end = at + bytes.size();
  lxb_status_t status = LXB_STATUS_OK;
  do {
    status = encoding->decode(&decoder, &at, end);
    const size_t used = lxb_encoding_decode_buf_used(&decoder);
    for (size_t i = 0; i < used; ++i) AppendUtf8(buffer[i], out);
    lxb_encoding_decode_buf_used_set(&decoder, 0);
  } while (status == LXB_STATUS_SMALL_BUFFER);
  lxb_encoding_decode_finish(&decoder);
  const size_t used = lxb_encoding_decode_buf_used(&decoder);
  for (size_t i = 0; i < used; ++i) AppendUtf8(buffer[i], out);
}

}  // namespace

DecodedText Decode(absl::string_view bytes, absl::string_view http_charset,
                   bool is_html) {
  DecodedText out;
  Choice choice{nullptr, ""};
  const auto sniffed = [&](absl::string_view mark, lxb_encoding_t encoding) {
    if (choice.encoding != nullptr || bytes.substr(0, mark.size()) != mark) {
      return;
    }
    bytes.remove_prefix(mark.size());
    choice = {lxb_encoding_data(encoding), "bom"};
  };
  sniffed("\xef\xbb\xbf", LXB_ENCODING_UTF_8);
  sniffed("\xfe\xff", LXB_ENCODING_UTF_16BE);
  sniffed("\xff\xfe", LXB_ENCODING_UTF_16LE);
  const Utf8Count utf8 = CountUtf8(bytes);
  if (choice.encoding == nullptr) {
    choice = Choose(bytes, http_charset, is_html, utf8);
  }
  out.charset.name = reinterpret_cast<const char*>(choice.encoding->name);
  out.charset.source = choice.source;
  if (choice.encoding->encoding == LXB_ENCODING_UTF_8 && utf8.errors == 0) {
    out.borrowed = bytes;
  } else {
    ConvertInto(bytes, choice.encoding, &out);
  }
  return out;
}

}  // namespace dateline
