#include "fetcher/core/json_feed.h"

#include <simdjson.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "common/url.h"
#include "fetcher/core/feed_time.h"
#include "fetcher/core/plain_text.h"

namespace dateline::fetcher {
namespace {

using simdjson::dom::element;

constexpr size_t kMostItems = 10'000;
constexpr size_t kMostNames = 50;
constexpr size_t kLongestName = 200;
constexpr size_t kLongestTitle = 1000;
constexpr size_t kLongestDescription = 4000;
constexpr size_t kMostDepth = 64;

// Empty where there is no such text.
absl::string_view TextAt(const element& object, const char* name) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return "";
  return {text.data(), text.size()};
}

void AddAuthors(const element& object, v1::SourceHints& hints) {
  element one;
  simdjson::dom::array many;
  const auto add = [&](const element& author) {
    std::string name = CollapseSpace(TextAt(author, "name"), kLongestName);
    if (!name.empty() &&
        static_cast<size_t>(hints.authors_size()) < kMostNames) {
      hints.add_authors(std::move(name));
    }
  };
  if (object["authors"].get(many) == simdjson::SUCCESS) {
    for (const element author : many) add(author);
  } else if (object["author"].get(one) == simdjson::SUCCESS) {
    add(one);
  }
}

void AddTags(const element& object, v1::SourceHints& hints) {
  simdjson::dom::array tags;
  if (object["tags"].get(tags) != simdjson::SUCCESS) return;
  for (const element tag : tags) {
    std::string_view text;
    if (tag.get(text) != simdjson::SUCCESS) continue;
    if (static_cast<size_t>(hints.keywords_size()) == kMostNames) return;
    hints.add_keywords(CollapseSpace({text.data(), text.size()}, kLongestName));
  }
}

FeedItem ItemOf(const element& object, absl::string_view base_url) {
  FeedItem item;
  for (const char* name : {"url", "external_url", "id"}) {
    const absl::string_view text = TextAt(object, name);
    // An id is a URL only where it looks like one.
    if (text.empty() ||
        (absl::string_view(name) == "id" && !absl::StartsWith(text, "http"))) {
      continue;
    }
    absl::StatusOr<std::string> url = ResolveUrl(base_url, text);
    if (!url.ok()) continue;
    item.url = *std::move(url);
    break;
  }
  v1::SourceHints& hints = item.hints;
  hints.set_title(CollapseSpace(TextAt(object, "title"), kLongestTitle));
  hints.set_description(
      CollapseSpace(TextAt(object, "summary"), kLongestDescription));
  hints.set_language(CollapseSpace(TextAt(object, "language"), kLongestName));
  if (auto time = ParseFeedTime(TextAt(object, "date_published"))) {
    *hints.mutable_publish_time() = *std::move(time);
  }
  if (auto time = ParseFeedTime(TextAt(object, "date_modified"))) {
    *hints.mutable_modified_time() = *std::move(time);
  }
  AddAuthors(object, hints);
  AddTags(object, hints);
  return item;
}

}  // namespace

absl::StatusOr<Feed> ParseJsonFeed(absl::string_view body,
                                   absl::string_view base_url) {
  absl::ConsumePrefix(&body, "\xEF\xBB\xBF");
  simdjson::dom::parser parser;
  if (parser.allocate(body.size(), kMostDepth) != simdjson::SUCCESS) {
    return absl::InvalidArgumentError("it is too large");
  }
  element root;
  if (parser.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS) {
    return absl::InvalidArgumentError("it is not JSON");
  }
  simdjson::dom::array items;
  if (!absl::StrContains(TextAt(root, "version"), "jsonfeed.org/") ||
      root["items"].get(items) != simdjson::SUCCESS) {
    return absl::InvalidArgumentError("it is JSON, but no JSON Feed");
  }
  Feed feed;
  feed.title = CollapseSpace(TextAt(root, "title"), kLongestTitle);
  v1::SourceHints wide;
  AddAuthors(root, wide);
  for (const element object : items) {
    if (feed.items.size() == kMostItems) break;
    FeedItem item = ItemOf(object, base_url);
    if (item.url.empty()) continue;
    if (item.hints.language().empty()) {
      item.hints.set_language(
          CollapseSpace(TextAt(root, "language"), kLongestName));
    }
    if (item.hints.authors().empty()) {
      *item.hints.mutable_authors() = wide.authors();
    }
    feed.items.push_back(std::move(item));
  }
  return feed;
}

}  // namespace dateline::fetcher
