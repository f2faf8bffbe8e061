#include "fetcher/core/source_plan.h"

#include <map>
#include <utility>

#include "fetcher/core/source_rules.h"

namespace dateline::fetcher {
namespace {

// The source as it is to be, with the times and origin that it has.
std::optional<v1::Source> ChangeTo(const v1::Source& wanted,
                                   const v1::Source& present, absl::Time now) {
  v1::UpdateSourceRequest request;
  *request.mutable_source() = wanted;
  request.mutable_source()->clear_etag();
  for (const absl::string_view field : SettableSourceFields()) {
    request.mutable_update_mask()->add_paths(std::string(field));
  }
  absl::StatusOr<v1::Source> changed = ChangedSource(present, request, now);
  if (!changed.ok()) return std::nullopt;
  v1::Source same = *changed;
  *same.mutable_update_time() = present.update_time();
  same.set_etag(present.etag());
  if (same.SerializeAsString() == present.SerializeAsString()) {
    return std::nullopt;
  }
  return *std::move(changed);
}

}  // namespace

std::vector<SourceWrite> PlanSources(const std::vector<v1::Source>& wanted,
                                     const std::vector<v1::Source>& present,
                                     absl::Time now) {
  std::map<std::string, const v1::Source*> rest;
  for (const v1::Source& source : present) rest[source.name()] = &source;
  std::vector<SourceWrite> writes;
  for (const v1::Source& source : wanted) {
    const auto it = rest.find(source.name());
    if (it == rest.end()) {
      v1::Source created = source;
      created.set_from_file(true);
      writes.push_back({source.name(), std::move(created)});
      continue;
    }
    if (auto change = ChangeTo(source, *it->second, now)) {
      writes.push_back({source.name(), *std::move(change)});
    }
    rest.erase(it);
  }
  for (const auto& [name, source] : rest) {
    if (source->from_file()) writes.push_back({name, std::nullopt});
  }
  return writes;
}

}  // namespace dateline::fetcher
