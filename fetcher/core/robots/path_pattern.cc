#include "fetcher/core/robots/path_pattern.h"

#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace dateline::fetcher {
namespace {

constexpr absl::string_view kReserved = ":/?#[]@!$&'()*+,;=";

bool IsUnreserved(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

bool IsReserved(char c) { return absl::StrContains(kReserved, c); }

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = absl::ascii_tolower(static_cast<unsigned char>(c));
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The octet that the "%XX" at `text` stands for; -1 where there is none.
int EncodedOctet(absl::string_view text) {
  if (text.size() < 3 || text[0] != '%') return -1;
  const int high = HexValue(text[1]);
  const int low = HexValue(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

void AppendEncoded(char c, std::string& out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const auto octet = static_cast<unsigned char>(c);
  out.push_back('%');
  out.push_back(kHex[octet >> 4]);
  out.push_back(kHex[octet & 15]);
}

// RFC 9309 §2.2.2. `literals` are the reserved characters to be encoded.
std::string Encode(absl::string_view text, absl::string_view literals) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const int octet = EncodedOctet(text.substr(i));
    if (octet >= 0) {
      const char decoded = static_cast<char>(octet);
      if (IsUnreserved(decoded)) {
        out.push_back(decoded);
      } else {
        AppendEncoded(decoded, out);
      }
      i += 2;
    } else if (IsUnreserved(c) || c == '%' ||
               (IsReserved(c) && !absl::StrContains(literals, c))) {
      out.push_back(c);
    } else {
      AppendEncoded(c, out);
    }
  }
  return out;
}

// `encoded` with what is reserved in its query encoded too, but for what
// separates the parts of a query and for what patterns are made of.
std::string EncodeQuery(absl::string_view encoded) {
  const size_t query = encoded.find('?');
  if (query == absl::string_view::npos) return std::string(encoded);
  std::string out(encoded.substr(0, query + 1));
  for (const char c : encoded.substr(query + 1)) {
    if (IsReserved(c) && !absl::StrContains("=&*$", c)) {
      AppendEncoded(c, out);
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// A '$' that ends nothing is a character like others.
std::string EncodePattern(absl::string_view text) {
  const bool ends = absl::ConsumeSuffix(&text, "$");
  std::string out = Encode(text, "$");
  if (ends) out.push_back('$');
  return out;
}

// Leftmost is best: a later place could only leave less of the path.
bool MatchesFrom(absl::string_view pattern, absl::string_view path) {
  const bool anchored = absl::ConsumeSuffix(&pattern, "$");
  size_t star = pattern.find('*');
  if (!absl::ConsumePrefix(&path, pattern.substr(0, star))) return false;
  if (star == absl::string_view::npos) return !anchored || path.empty();
  while (true) {
    pattern.remove_prefix(star + 1);
    star = pattern.find('*');
    const absl::string_view piece = pattern.substr(0, star);
    if (star == absl::string_view::npos && anchored) {
      return absl::EndsWith(path, piece);
    }
    // memmem, whose time doesn't grow with the product of both lengths.
    const void* found =
        memmem(path.data(), path.size(), piece.data(), piece.size());
    if (found == nullptr) return false;
    if (star == absl::string_view::npos) return true;
    const auto skipped =
        static_cast<size_t>(static_cast<const char*>(found) - path.data());
    path.remove_prefix(skipped + piece.size());
  }
}

}  // namespace

RobotsPath::RobotsPath(absl::string_view path_and_query)
    : plain_(path_and_query.empty() ? "/" : Encode(path_and_query, "*$")),
      query_encoded_(EncodeQuery(plain_)) {}

PathPattern::PathPattern(absl::string_view text) : plain_(EncodePattern(text)) {
  std::string query_encoded = EncodeQuery(plain_);
  if (query_encoded != plain_) query_encoded_ = std::move(query_encoded);
}

bool PathPattern::Matches(const RobotsPath& path) const {
  return MatchesFrom(plain_, path.plain()) ||
         MatchesFrom(query_encoded_.empty() ? plain_ : query_encoded_,
                     path.query_encoded());
}

}  // namespace dateline::fetcher
