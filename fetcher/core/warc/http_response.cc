#include "fetcher/core/warc/http_response.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/content_coding.h"
#include "common/utf8.h"
#include "fetcher/core/fetch_result.h"
#include "fetcher/core/warc/warc_head.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kMaxHeadBytes = 256 * 1024;
constexpr size_t kMostCodings = 4;

// "HTTP/1.1 200 OK", "HTTP/2 200". 0 where it is none.
int StatusOf(absl::string_view line) {
  if (!absl::ConsumePrefix(&line, "HTTP/")) return 0;
  const size_t space = line.find(' ');
  if (space == absl::string_view::npos) return 0;
  line = absl::StripAsciiWhitespace(line.substr(space));
  int status = 0;
  if (!absl::SimpleAtoi(line.substr(0, line.find(' ')), &status)) return 0;
  return status >= 100 && status <= 999 ? status : 0;
}

std::string JoinedHeader(const HttpResponse& response, absl::string_view name) {
  std::string joined;
  for (const v1::HttpHeader& header : response.headers) {
    if (!absl::EqualsIgnoreCase(header.name(), name)) continue;
    absl::StrAppend(&joined, joined.empty() ? "" : ",", header.value());
  }
  return joined;
}

// The tokens of a list header, the last applied first.
std::vector<std::string> CodingsOf(const HttpResponse& response,
                                   absl::string_view name) {
  std::vector<std::string> codings;
  const std::string joined = JoinedHeader(response, name);
  for (const absl::string_view part : absl::StrSplit(joined, ',')) {
    const absl::string_view token = absl::StripAsciiWhitespace(part);
    if (!token.empty()) codings.push_back(absl::AsciiStrToLower(token));
  }
  std::reverse(codings.begin(), codings.end());
  return codings;
}

// Consumes "SIZE[;extension]\r\n"; none where there is no such line.
std::optional<uint64_t> TakeChunkSize(absl::string_view& text) {
  constexpr size_t kLongestLine = 4096;
  const size_t end = text.substr(0, kLongestLine).find('\n');
  if (end == absl::string_view::npos) return std::nullopt;
  absl::string_view line = text.substr(0, end);
  line = absl::StripAsciiWhitespace(line.substr(0, line.find(';')));
  uint64_t size = 0;
  if (line.empty() || line.size() > 15 ||
      line.find_first_not_of("0123456789abcdefABCDEF") !=
          absl::string_view::npos ||
      !absl::SimpleHexAtoi(line, &size)) {
    return std::nullopt;
  }
  text.remove_prefix(end + 1);
  return size;
}

// RFC 9112 §7.1. None where `body` is not chunked.
absl::StatusOr<std::optional<std::string>> Dechunk(absl::string_view body) {
  std::string out;
  for (bool is_first = true;; is_first = false) {
    const std::optional<uint64_t> size = TakeChunkSize(body);
    if (!size.has_value() && is_first) return std::nullopt;
    if (!size.has_value() || *size > body.size()) {
      return absl::DataLossError("its chunks are broken or cut off");
    }
    if (*size == 0) return out;
    out.append(body.data(), *size);
    body.remove_prefix(*size);
    absl::ConsumePrefix(&body, "\r");
    absl::ConsumePrefix(&body, "\n");
  }
}

bool HasMagic(ContentCoding coding, absl::string_view body) {
  if (coding == ContentCoding::kGzip) return absl::StartsWith(body, "\x1F\x8B");
  if (coding == ContentCoding::kZstd) {
    return absl::StartsWith(body, "\x28\xB5\x2F\xFD");
  }
  return true;  // deflate and brotli have none
}

bool LooksLikeText(absl::string_view body) {
  absl::ConsumePrefix(&body, "\xEF\xBB\xBF");
  body = absl::StripLeadingAsciiWhitespace(body);
  return absl::StartsWith(body, "<") || absl::StartsWith(body, "{");
}

absl::Status Undo(absl::string_view token, size_t max_bytes,
                  std::string& body) {
  const std::optional<ContentCoding> coding = ContentCodingOf(token);
  if (!coding.has_value()) {
    return absl::UnimplementedError(absl::StrCat(
        "its coding \"", ValidUtf8(token.substr(0, 64)), "\" is unknown"));
  }
  if (body.empty() || !HasMagic(*coding, body)) return absl::OkStatus();
  absl::StatusOr<Decoded> decoded = DecodeContent(*coding, body, max_bytes);
  if (decoded.ok() && decoded->complete) {
    body = std::move(decoded->bytes);
    return absl::OkStatus();
  }
  if (absl::IsResourceExhausted(decoded.status())) return decoded.status();
  if (LooksLikeText(body)) return absl::OkStatus();
  if (decoded.ok()) return absl::DataLossError("its coded body is cut off");
  return absl::UnimplementedError(absl::StrCat(
      "its coding ", token, " can't be undone: ", decoded.status().message()));
}

absl::Status UndoTransferCodings(size_t max_bytes, HttpResponse& response) {
  for (const std::string& token : CodingsOf(response, "Transfer-Encoding")) {
    if (token == "chunked") {
      absl::StatusOr<std::optional<std::string>> body = Dechunk(response.body);
      if (!body.ok()) return body.status();
      if (body->has_value()) response.body = **std::move(body);
    } else if (absl::Status undone = Undo(token, max_bytes, response.body);
               !undone.ok()) {
      return undone;
    }
  }
  return absl::OkStatus();
}

absl::Status UndoCodings(size_t max_bytes, HttpResponse& response) {
  const std::vector<std::string> codings =
      CodingsOf(response, "Content-Encoding");
  if (codings.size() > kMostCodings) {
    return absl::UnimplementedError("it has too many codings");
  }
  uint64_t length = 0;
  const bool is_plain =
      codings.empty() && JoinedHeader(response, "Transfer-Encoding").empty();
  if (is_plain &&
      absl::SimpleAtoi(JoinedHeader(response, "Content-Length"), &length) &&
      response.body.size() < length) {
    return absl::DataLossError(absl::StrCat("it has ", response.body.size(),
                                            " of ", length, " bytes"));
  }
  absl::Status undone = UndoTransferCodings(max_bytes, response);
  for (const std::string& token : codings) {
    if (undone.ok()) undone = Undo(token, max_bytes, response.body);
  }
  return undone;
}

}  // namespace

absl::StatusOr<HttpResponse> ParseHttpResponse(absl::string_view message,
                                               size_t max_body_bytes) {
  HttpResponse response;
  absl::string_view head;
  do {
    const std::optional<size_t> end =
        FindHeadEnd(message.substr(0, kMaxHeadBytes));
    // Some archives hold a head without its empty line, and no body.
    head = message.substr(
        0, end.value_or(std::min(message.size(), kMaxHeadBytes)));
    response.status = StatusOf(
        absl::StripTrailingAsciiWhitespace(head.substr(0, head.find('\n'))));
    if (response.status == 0) {
      return absl::InvalidArgumentError("it is no HTTP answer");
    }
    message.remove_prefix(head.size());
  } while (response.status < 200 && !message.empty());
  int bad_lines = 0;
  const size_t first_line = head.find('\n');
  if (first_line == absl::string_view::npos) head = "";
  for (WarcField& field : ParseFields(
           head.substr(head.empty() ? 0 : first_line + 1), &bad_lines)) {
    v1::HttpHeader& header = response.headers.emplace_back();
    header.set_name(std::move(field.name));
    header.set_value(std::move(field.value));
  }
  response.body = std::string(message);
  if (absl::Status undone = UndoCodings(max_body_bytes, response);
      !undone.ok()) {
    return undone;
  }
  if (response.body.size() > max_body_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("its body has more than ", max_body_bytes, " bytes"));
  }
  return response;
}

}  // namespace dateline::fetcher
