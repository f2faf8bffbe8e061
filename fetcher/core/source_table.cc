#include "fetcher/core/source_table.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dateline::fetcher {
namespace {

constexpr int kDefaultPageSize = 50;
constexpr int kMostPageSize = 1000;

// A page token is the last name of the page before.
std::string TokenAfter(absl::string_view name) {
  return absl::WebSafeBase64Escape(name);
}

}  // namespace

absl::Status SourceTable::Apply(absl::string_view name,
                                std::optional<absl::string_view> value) {
  if (!value.has_value()) {
    sources_.erase(std::string(name));
    return absl::OkStatus();
  }
  v1::Source source;
  if (!source.ParseFromArray(value->data(), static_cast<int>(value->size())) ||
      source.name() != name) {
    return absl::InvalidArgumentError(
        absl::StrCat("record of \"", name, "\" holds no Source"));
  }
  sources_[source.name()] = source;
  return absl::OkStatus();
}

std::optional<v1::Source> SourceTable::Find(absl::string_view name) const {
  const auto it = sources_.find(std::string(name));
  if (it == sources_.end()) return std::nullopt;
  return it->second;
}

absl::StatusOr<v1::ListSourcesResponse> SourceTable::List(
    const v1::ListSourcesRequest& request) const {
  if (request.page_size() < 0) {
    return absl::InvalidArgumentError("page_size is negative.");
  }
  const int page_size = request.page_size() == 0
                            ? kDefaultPageSize
                            : std::min(request.page_size(), kMostPageSize);
  auto it = sources_.begin();
  if (!request.page_token().empty()) {
    std::string last;
    if (!absl::WebSafeBase64Unescape(request.page_token(), &last) ||
        !absl::StartsWith(last, "sources/")) {
      return absl::InvalidArgumentError(
          "page_token is not from an answer to ListSources.");
    }
    it = sources_.upper_bound(last);
  }
  v1::ListSourcesResponse response;
  for (; it != sources_.end() && response.sources_size() < page_size; ++it) {
    *response.add_sources() = it->second;
  }
  if (it != sources_.end()) {
    const std::string& last =
        response.sources(response.sources_size() - 1).name();
    response.set_next_page_token(TokenAfter(last));
  }
  return response;
}

std::vector<v1::Source> SourceTable::All() const {
  std::vector<v1::Source> all;
  all.reserve(sources_.size());
  for (const auto& [name, source] : sources_) all.push_back(source);
  return all;
}

}  // namespace dateline::fetcher
