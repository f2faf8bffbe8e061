#include "fetcher/sources_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/url.h"
#include "fetcher/core/proto_time.h"
#include "fetcher/core/source_rules.h"

namespace dateline::fetcher {
namespace {

constexpr std::pair<absl::string_view, v1::SourceKind> kKinds[] = {
    {"feed", v1::SOURCE_KIND_FEED},
    {"sitemap", v1::SOURCE_KIND_SITEMAP},
    {"section_page", v1::SOURCE_KIND_SECTION_PAGE},
    {"site", v1::SOURCE_KIND_SITE}};

class Reader {
 public:
  Reader(absl::string_view file, absl::Time now) : file_(file), now_(now) {}

  void Read(const YAML::Node& root) {
    if (!root.IsMap() || !root["sources"] || root.size() != 1) {
      return Wrong(root, "the file is no map of 'sources' alone",
                   "begin it with 'sources:' and list them below");
    }
    const YAML::Node list = root["sources"];
    if (!list.IsSequence()) {
      return Wrong(
          root, "'sources' is no list",
          "begin each source with '- name: ...', or write [] for none");
    }
    for (const YAML::Node& entry : list) ReadEntry(entry);
  }

  void Wrong(const YAML::Node& at, absl::string_view what,
             absl::string_view to_do) {
    WrongAt(at.Mark(), what, to_do);
  }
  void WrongAt(const YAML::Mark& mark, absl::string_view what,
               absl::string_view to_do) {
    mistakes_.push_back(absl::StrCat(file_, ":", std::max(mark.line, 0) + 1,
                                     ": ", what, "; ", to_do));
  }

  absl::StatusOr<std::vector<v1::Source>> Result() && {
    if (mistakes_.empty()) return std::move(sources_);
    return absl::InvalidArgumentError(absl::StrJoin(mistakes_, "\n"));
  }

 private:
  void ReadEntry(const YAML::Node& entry) {
    const size_t mistakes_before = mistakes_.size();
    v1::CreateSourceRequest request;
    if (!entry.IsMap()) {
      return Wrong(entry, "this source is no map of its fields",
                   "write '- name: ...' and the other fields below it");
    }
    std::set<std::string> given;
    for (const auto& pair : entry) {
      const YAML::Node& key = pair.first;
      const YAML::Node& value = pair.second;
      const std::string field = key.IsScalar() ? key.Scalar() : "";
      if (!given.insert(field).second) {
        Wrong(key, absl::StrCat("'", field, "' is given twice"),
              "leave one out");
      } else if (!value.IsScalar()) {
        Wrong(key, absl::StrCat("'", field, "' has no plain value"),
              "write one after it, or leave it out");
      } else {
        ReadField(field, key, value, request);
      }
    }
    for (const char* field : {"name", "kind", "url"}) {
      if (given.count(field) > 0) continue;
      Wrong(entry, absl::StrCat("this source has no ", field), "add it");
    }
    if (mistakes_.size() == mistakes_before) Add(entry, request);
  }

  void ReadField(const std::string& field, const YAML::Node& key,
                 const YAML::Node& value, v1::CreateSourceRequest& request) {
    v1::Source& source = *request.mutable_source();
    const std::string& text = value.Scalar();
    if (field == "name") {
      request.set_source_id(std::string(absl::StripPrefix(text, "sources/")));
    } else if (field == "kind") {
      ReadKind(value, source);
    } else if (field == "url") {
      ReadUrl(value, source);
    } else if (field == "interval") {
      ReadDuration(field, value, *source.mutable_interval());
    } else if (field == "host_delay") {
      ReadDuration(field, value, *source.mutable_host_delay());
    } else if (field == "paused") {
      ReadPaused(value, source);
    } else if (field == "display_name") {
      source.set_display_name(text);
    } else if (field == "publisher") {
      source.set_publisher(text);
    } else if (field == "language") {
      source.set_language(text);
    } else {
      Wrong(key, absl::StrCat("'", field, "' is no field of a source"),
            absl::StrCat("leave it out, or give one of name, ",
                         absl::StrJoin(SettableSourceFields(), ", ")));
    }
  }

  void ReadKind(const YAML::Node& value, v1::Source& source) {
    for (const auto& [name, kind] : kKinds) {
      if (name == value.Scalar()) return source.set_kind(kind);
    }
    Wrong(value, absl::StrCat("'", value.Scalar(), "' is no kind of source"),
          "give feed, sitemap, section_page or site");
  }

  void ReadUrl(const YAML::Node& value, v1::Source& source) {
    const absl::StatusOr<std::string> url = CanonicalUrl(value.Scalar());
    if (!url.ok()) {
      return Wrong(value, url.status().message(),
                   "give an http or https URL, as https://news.example/feed");
    }
    source.set_url(*url);
    const auto [at, is_new] = by_url_.emplace(*url, value.Mark().line + 1);
    if (is_new) return;
    Wrong(value,
          absl::StrCat("the source of line ", at->second, " has this URL"),
          "leave one of them out");
  }

  void ReadDuration(const std::string& field, const YAML::Node& value,
                    google::protobuf::Duration& out) {
    absl::Duration duration;
    if (!absl::ParseDuration(value.Scalar(), &duration) ||
        duration == absl::InfiniteDuration() ||
        duration < absl::ZeroDuration()) {
      return Wrong(
          value, absl::StrCat(field, " '", value.Scalar(), "' is no duration"),
          "give a number with its unit, as 30s, 5m or 1h30m");
    }
    out = ToProto(duration);
  }

  void ReadPaused(const YAML::Node& value, v1::Source& source) {
    bool paused = false;
    if (!YAML::convert<bool>::decode(value, paused)) {
      return Wrong(value,
                   absl::StrCat("paused '", value.Scalar(), "' is no answer"),
                   "give true or false");
    }
    source.set_paused(paused);
  }

  void Add(const YAML::Node& entry, const v1::CreateSourceRequest& request) {
    absl::StatusOr<v1::Source> source = NewSource(request, now_);
    if (!source.ok()) {
      return Wrong(entry, absl::StripSuffix(source.status().message(), "."),
                   "correct it");
    }
    const auto [at, is_new] =
        by_name_.emplace(source->name(), entry.Mark().line + 1);
    if (!is_new) {
      return Wrong(
          entry,
          absl::StrCat("the source of line ", at->second, " has this name"),
          "give each a name of its own");
    }
    sources_.push_back(*std::move(source));
  }

  const absl::string_view file_;
  const absl::Time now_;
  std::vector<v1::Source> sources_;
  std::vector<std::string> mistakes_;
  std::map<std::string, int> by_name_;
  std::map<std::string, int> by_url_;
};

}  // namespace

absl::StatusOr<std::vector<v1::Source>> ParseSourcesFile(absl::string_view yaml,
                                                         absl::string_view file,
                                                         absl::Time now) {
  Reader reader(file, now);
  try {
    reader.Read(YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& error) {
    reader.WrongAt(error.mark, absl::StrCat("this is no YAML: ", error.msg),
                   "correct it");
  }
  return std::move(reader).Result();
}

absl::StatusOr<std::vector<v1::Source>> ReadSourcesFile(const std::string& path,
                                                        absl::Time now) {
  std::ifstream in(path, std::ios::binary);
  const std::string yaml{std::istreambuf_iterator<char>(in),
                         std::istreambuf_iterator<char>()};
  if (!in) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the sources file ", path,
        " can't be read; check --sources_file and that the file is there"));
  }
  return ParseSourcesFile(yaml, path, now);
}

}  // namespace dateline::fetcher
