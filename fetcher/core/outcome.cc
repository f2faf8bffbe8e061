#include "fetcher/core/outcome.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/utf8.h"

namespace dateline::fetcher {
namespace {

Verdict Make(v1::FetchOutcome outcome, std::string code, std::string reason) {
  return {outcome, std::move(code), std::move(reason)};
}

std::string Sentence(absl::string_view what, const FetchResult& result) {
  if (result.detail.empty()) return absl::StrCat(what, ".");
  return absl::StrCat(what, ": ", ValidUtf8(result.detail), ".");
}

Verdict ClassifyError(const FetchResult& result) {
  using E = FetchError;
  const auto failed = [&](const char* code, absl::string_view what) {
    return Make(v1::FETCH_OUTCOME_FAILED, code, Sentence(what, result));
  };
  const auto refused = [&](const char* code, absl::string_view what) {
    return Make(v1::FETCH_OUTCOME_REFUSED, code, Sentence(what, result));
  };
  const auto skipped = [&](const char* code, absl::string_view what) {
    return Make(v1::FETCH_OUTCOME_SKIPPED, code, Sentence(what, result));
  };
  switch (result.error) {
    case E::kDns:
      return failed("dns", "The host's name has no address");
    case E::kConnect:
      return failed("connect", "The host takes no connection");
    case E::kTls:
      return failed("tls", "The connection could not be secured");
    case E::kTimeout:
      return failed("timeout", "The answer took too long");
    case E::kStalled:
      return failed("stalled", "The answer came too slowly");
    case E::kEncoding:
      return failed("encoding", "The content encoding is broken");
    case E::kTooLarge:
      return refused("too_large", "The body is too large");
    case E::kNoRoom:
      return failed("no_room", "Too much was being received at once");
    case E::kHeadersTooLarge:
      return refused("headers_too_large", "The headers are too large");
    case E::kTooManyRedirects:
      return skipped("too_many_redirects", "There are too many redirects");
    case E::kBadRedirect:
      return skipped("bad_redirect", "A redirect leads nowhere");
    case E::kAddressRefused:
      return refused("address", "The host's address is not allowed");
    case E::kNoContact:
      return refused("no_contact",
                     "Only loopback is asked while --contact is not set");
    case E::kRobots:
      return refused("robots", "The host's robots.txt forbids it");
    case E::kRobotsUnreachable:
      return failed("robots_unreachable",
                    "The host's robots.txt could not be read");
    case E::kOtherHost:
      return skipped("other_host",
                     "It redirects to another host, which is asked in its "
                     "turn");
    case E::kNone:
    case E::kCancelled:
    case E::kProtocol:
      break;
  }
  return failed("protocol", "The answer is not whole");
}

bool IsRetriedStatus(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

bool IsXml(absl::string_view type) {
  return type == "application/xml" || absl::EndsWith(type, "+xml");
}

bool IsTextType(absl::string_view type, v1::FetchPurpose purpose) {
  if (purpose == v1::FETCH_PURPOSE_SOURCE) {
    // Feeds come under all kinds of names: their parser judges them.
    return absl::StartsWith(type, "text/") || IsXml(type) ||
           absl::StrContains(type, "json") || absl::EndsWith(type, "gzip") ||
           type == "application/octet-stream";
  }
  return type == "text/html" || type == "application/xhtml+xml" ||
         type == "text/plain";
}

bool LooksBinary(absl::string_view body) {
  return absl::StrContains(body.substr(0, kBodyStartBytes),
                           absl::string_view("\0", 1));
}

// Whether a body that is said to be text begins as pictures, archives, PDF or
// programs do (WHATWG MIME Sniffing §6.1, §6.2, §7.1).
bool HasBinarySignature(absl::string_view body) {
  static constexpr absl::string_view kSignatures[] = {"\x89PNG\r\n",
                                                      "GIF87a",
                                                      "GIF89a",
                                                      "\xFF\xD8\xFF",
                                                      "%PDF-",
                                                      "PK\x03\x04",
                                                      "\x1F\x8B\x08",
                                                      "Rar!\x1A\x07",
                                                      "\x7F"
                                                      "ELF",
                                                      "\xFD"
                                                      "7zXZ",
                                                      "OggS",
                                                      "ID3"};
  for (const absl::string_view signature : kSignatures) {
    if (absl::StartsWith(body, signature)) return true;
  }
  const absl::string_view form = body.substr(0, 12);
  return absl::StartsWith(form, "RIFF") && absl::EndsWith(form, "WEBP");
}

std::optional<Verdict> RefuseByType(const FetchResult& result,
                                    v1::FetchPurpose purpose) {
  const std::string type =
      ParseContentType(
          FindHttpHeader(result.headers, "content-type").value_or(""))
          .media_type;
  if (purpose != v1::FETCH_PURPOSE_SOURCE && IsTextType(type, purpose) &&
      HasBinarySignature(BodyStart(result))) {
    return Make(v1::FETCH_OUTCOME_REFUSED, "media_type",
                absl::StrCat("The body is not of its media type ", type, "."));
  }
  if (type.empty() ? !LooksBinary(BodyStart(result))
                   : IsTextType(type, purpose)) {
    return std::nullopt;
  }
  return Make(v1::FETCH_OUTCOME_REFUSED, "media_type",
              type.empty()
                  ? "The body has no media type and is not text."
                  : absl::StrCat("The media type ", type, " is not text."));
}

}  // namespace

Verdict Classify(const FetchResult& result, const v1::UrlEntry& before,
                 absl::string_view body_sha256) {
  if (result.error != FetchError::kNone) return ClassifyError(result);
  const std::string code = absl::StrCat("http_", result.status);
  if (result.status == 304) {
    return Make(v1::FETCH_OUTCOME_UNCHANGED, "not_modified",
                "The server says that nothing changed.");
  }
  if (IsRetriedStatus(result.status)) {
    return Make(v1::FETCH_OUTCOME_FAILED, code,
                absl::StrCat("The server answered ", result.status, "."));
  }
  if (result.status < 200 || result.status > 299) {
    return Make(v1::FETCH_OUTCOME_SKIPPED, code,
                absl::StrCat("The server answered ", result.status, "."));
  }
  if (result.body.empty()) {
    return Make(v1::FETCH_OUTCOME_SKIPPED, "empty_body", "The body is empty.");
  }
  if (std::optional<Verdict> refusal = RefuseByType(result, before.purpose())) {
    return *std::move(refusal);
  }
  if (before.body_sha256() == body_sha256) {
    return Make(v1::FETCH_OUTCOME_UNCHANGED, "same_digest",
                "The body is the same as before.");
  }
  return Make(v1::FETCH_OUTCOME_FETCHED, "ok", "The page was received.");
}

Verdict TooLargeForTopic(size_t page_bytes) {
  return Make(v1::FETCH_OUTCOME_REFUSED, "too_large_for_topic",
              absl::StrCat("The page of ", page_bytes,
                           " bytes is larger than the topic takes."));
}

absl::string_view OutcomeLabel(v1::FetchOutcome outcome) {
  switch (outcome) {
    case v1::FETCH_OUTCOME_FETCHED:
      return "fetched";
    case v1::FETCH_OUTCOME_UNCHANGED:
      return "unchanged";
    case v1::FETCH_OUTCOME_SKIPPED:
      return "skipped";
    case v1::FETCH_OUTCOME_FAILED:
      return "failed";
    case v1::FETCH_OUTCOME_REFUSED:
      return "refused";
    default:
      return "unspecified";
  }
}

}  // namespace dateline::fetcher
