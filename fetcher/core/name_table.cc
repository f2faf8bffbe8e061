#include "fetcher/core/name_table.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "fetcher/core/address.h"

namespace dateline::fetcher {

absl::StatusOr<NameTable> NameTable::Parse(absl::string_view list) {
  NameTable table;
  for (const absl::string_view part :
       absl::StrSplit(list, ',', absl::SkipWhitespace())) {
    const std::pair<absl::string_view, absl::string_view> sides =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    absl::string_view name = sides.first;
    absl::ConsumePrefix(&name, "*");
    if (name.empty() || !ParseIpAddress(sides.second).ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", part, "\" is no NAME=ADDRESS"));
    }
    table.entries_.push_back({std::string(name), std::string(sides.second)});
  }
  return table;
}

std::optional<std::string> NameTable::AddressOf(absl::string_view host) const {
  for (const Entry& entry : entries_) {
    const bool fits = absl::StartsWith(entry.name, ".")
                          ? absl::EndsWith(host, entry.name)
                          : host == entry.name;
    if (fits) return entry.address;
  }
  return std::nullopt;
}

}  // namespace dateline::fetcher
