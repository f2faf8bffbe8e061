#include "common/url.h"

#include <lexbor/url/url.h>
#include <libpsl.h>

#include <algorithm>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/sha256.h"
#include "common/utf8.h"

namespace dateline {
namespace {

constexpr size_t kMaxUrlBytes = 8192;

constexpr absl::string_view kTrackingParameters[] = {
#include "common/tracking_parameters.inc"
};

// Lexbor's parser keeps tables worth keeping, so each thread has one.
class UrlParser {
 public:
  UrlParser() { lxb_url_parser_init(&parser_, nullptr); }
  ~UrlParser() {
    lxb_url_parser_memory_destroy(&parser_);
    lxb_url_parser_destroy(&parser_, false);
  }
  UrlParser(const UrlParser&) = delete;
  UrlParser& operator=(const UrlParser&) = delete;

  // Null where it is no URL; lives until Reset.
  lxb_url_t* Parse(absl::string_view text, const lxb_url_t* base) {
    lxb_url_parser_clean(&parser_);
    return lxb_url_parse(&parser_, base,
                         reinterpret_cast<const lxb_char_t*>(text.data()),
                         text.size());
  }
  void Reset() {
    lxb_url_parser_clean(&parser_);
    lexbor_mraw_clean(parser_.mraw);
  }

 private:
  lxb_url_parser_t parser_ = {};
};

lxb_status_t AppendTo(const lxb_char_t* data, size_t size, void* out) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(data),
                                         size);
  return LXB_STATUS_OK;
}

absl::string_view View(const lexbor_str_t& text) {
  return text.data == nullptr
             ? absl::string_view()
             : absl::string_view(reinterpret_cast<const char*>(text.data),
                                 text.length);
}

// For messages: long input is cut.
std::string Quoted(absl::string_view text) {
  constexpr size_t kShown = 200;
  return absl::StrCat(
      "'", absl::Utf8SafeCHexEscape(ValidUtf8(text.substr(0, kShown))),
      text.size() > kShown ? "...'" : "'");
}

absl::StatusOr<Url> Convert(const lxb_url_t& parsed, absl::string_view text) {
  Url url;
  lxb_url_serialize_scheme(&parsed, AppendTo, &url.scheme);
  if (url.scheme != "http" && url.scheme != "https") {
    return absl::InvalidArgumentError(absl::StrCat(
        "URL ", Quoted(text), " is not http or https but ", url.scheme));
  }
  if (!View(parsed.username).empty() || !View(parsed.password).empty()) {
    return absl::InvalidArgumentError(
        "the URL carries a user name or password; leave them out");
  }
  lxb_url_serialize_host(&parsed.host, AppendTo, &url.host);
  if (url.host.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("URL ", Quoted(text), " has no host"));
  }
  if (parsed.has_port) url.port = absl::StrCat(parsed.port);
  lxb_url_serialize_path(&parsed.path, AppendTo, &url.path);
  url.query = std::string(View(parsed.query));
  return url;
}

absl::Status TooLong(size_t size) {
  return absl::InvalidArgumentError(absl::StrCat(
      "the URL has ", size, " bytes; at most ", kMaxUrlBytes, " are taken"));
}

absl::StatusOr<Url> ParseOnce(absl::string_view text, absl::string_view base) {
  if (const size_t size = std::max(text.size(), base.size());
      size > kMaxUrlBytes) {
    return TooLong(size);
  }
  thread_local UrlParser parser;
  const lxb_url_t* base_url = nullptr;
  if (!base.empty()) {
    base_url = parser.Parse(base, nullptr);
    if (base_url == nullptr) {
      parser.Reset();
      return absl::InvalidArgumentError(
          absl::StrCat(Quoted(base), " is not an absolute URL"));
    }
  }
  const lxb_url_t* parsed = parser.Parse(text, base_url);
  absl::StatusOr<Url> url = parsed == nullptr
                                ? absl::InvalidArgumentError(absl::StrCat(
                                      Quoted(text), " is not an absolute URL"))
                                : Convert(*parsed, text);
  parser.Reset();
  // Encoding makes URLs longer.
  if (url.ok() && url->ToString().size() > kMaxUrlBytes) {
    return TooLong(url->ToString().size());
  }
  return url;
}

absl::StatusOr<Url> Parse(absl::string_view text, absl::string_view base) {
  absl::StatusOr<Url> url = ParseOnce(text, base);
  const bool may_escape_host =
      absl::StrContains(text, '%') || absl::StrContains(base, '%');
  if (!url.ok() || !may_escape_host) return url;
  // Lexbor doesn't lower a host's letters after it has decoded it.
  return ParseOnce(url->ToString(), {});
}

bool IsUnreserved(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = absl::ascii_tolower(static_cast<unsigned char>(c));
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// RFC 3986 §6.2.2: hexadecimal digits in upper case, unreserved characters
// as themselves.
std::string NormalizePercentEncoding(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const int high =
        text[i] == '%' && i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
    const int low = high >= 0 ? HexValue(text[i + 2]) : -1;
    if (low < 0) {
      out.push_back(text[i]);
      continue;
    }
    const char decoded = static_cast<char>(high * 16 + low);
    if (IsUnreserved(decoded)) {
      out.push_back(decoded);
    } else {
      out.push_back('%');
      out.push_back("0123456789ABCDEF"[high]);
      out.push_back("0123456789ABCDEF"[low]);
    }
    i += 2;
  }
  return out;
}

bool IsTrackingParameter(absl::string_view name) {
  return std::any_of(std::begin(kTrackingParameters),
                     std::end(kTrackingParameters),
                     [name](absl::string_view known) {
                       return absl::ConsumeSuffix(&known, "*")
                                  ? absl::StartsWithIgnoreCase(name, known)
                                  : absl::EqualsIgnoreCase(name, known);
                     });
}

std::string CanonicalQuery(absl::string_view query) {
  std::vector<std::string> kept;
  for (absl::string_view pair : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    std::string normalized = NormalizePercentEncoding(pair);
    const absl::string_view name =
        absl::string_view(normalized).substr(0, normalized.find('='));
    if (!IsTrackingParameter(name)) kept.push_back(std::move(normalized));
  }
  return absl::StrJoin(kept, "&");
}

}  // namespace

std::string Url::HostPort() const {
  return port.empty() ? host : absl::StrCat(host, ":", port);
}

std::string Url::ToString() const {
  return absl::StrCat(scheme, "://", HostPort(), path, query.empty() ? "" : "?",
                      query);
}

absl::StatusOr<Url> ParseUrl(absl::string_view text) { return Parse(text, {}); }

std::string HostOf(absl::string_view url) {
  const absl::StatusOr<Url> parsed = ParseUrl(url);
  return parsed.ok() ? parsed->host : "";
}

absl::StatusOr<std::string> CanonicalUrl(absl::string_view text) {
  std::string current(text);
  // Decoding may put a new escape together ("%4%31"), but each further turn
  // makes the URL shorter.
  while (true) {
    absl::StatusOr<Url> url = ParseUrl(current);
    if (!url.ok()) return url.status();
    url->path = NormalizePercentEncoding(url->path);
    url->query = CanonicalQuery(url->query);
    std::string next = url->ToString();
    if (next == current) return next;
    current = std::move(next);
  }
}

absl::StatusOr<std::string> ResolveUrl(absl::string_view base,
                                       absl::string_view reference) {
  absl::StatusOr<Url> url = Parse(reference, base);
  if (!url.ok()) return url.status();
  return url->ToString();
}

std::string PageUid(absl::string_view canonical_url) {
  return absl::BytesToHexString(
      absl::string_view(Sha256(canonical_url)).substr(0, 16));
}

std::string RegistrableDomain(absl::string_view host) {
  const std::string name(host);
  // The list would take the numbers of an address for names.
  const bool is_address =
      absl::StartsWith(host, "[") ||
      host.find_first_not_of("0123456789.") == absl::string_view::npos;
  if (is_address) return name;
  const char* domain = psl_registrable_domain(psl_builtin(), name.c_str());
  return domain == nullptr ? name : domain;
}

}  // namespace dateline
