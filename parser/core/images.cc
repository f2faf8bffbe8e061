#include "parser/core/images.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/url.h"
#include "parser/core/furniture.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr int kSmallestSide = 60;

int Pixels(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  text = absl::StripSuffix(text, "px");
  int pixels = 0;
  if (!absl::SimpleAtoi(text, &pixels)) return 0;
  return pixels > 0 && pixels < 100000 ? pixels : 0;
}

// The candidate with the greatest width or density of a srcset (HTML §4.8.4).
absl::string_view LargestOf(absl::string_view srcset) {
  absl::string_view best;
  double best_size = -1;
  while (!srcset.empty()) {
    const size_t begin = srcset.find_first_not_of(" \t\n\r\f,");
    if (begin == absl::string_view::npos) break;
    srcset.remove_prefix(begin);
    const size_t url_end =
        std::min(srcset.find_first_of(" \t\n\r\f"), srcset.size());
    absl::string_view url = srcset.substr(0, url_end);
    srcset.remove_prefix(url_end);
    absl::string_view descriptor;
    if (absl::EndsWith(url, ",")) {
      url = absl::StripSuffix(url, ",");
    } else {
      const size_t end = std::min(srcset.find(','), srcset.size());
      descriptor = absl::StripAsciiWhitespace(srcset.substr(0, end));
      srcset.remove_prefix(end);
    }
    double size = 0;
    if (!descriptor.empty()) {
      (void)absl::SimpleAtod(descriptor.substr(0, descriptor.size() - 1),
                             &size);
    }
    if (size > best_size) {
      best_size = size;
      best = url;
    }
  }
  return best;
}

std::string UrlOf(const Document& document, Node* image) {
  static constexpr std::array<const char*, 4> kSets = {
      "srcset", "data-srcset", "data-lazy-srcset", "data-original-set"};
  static constexpr std::array<const char*, 6> kSources = {
      "data-src",        "data-lazy-src", "data-original",
      "data-hi-res-src", "data-url",      "src"};
  for (const char* name : kSets) {
    const std::string url = document.Resolve(LargestOf(Attribute(image, name)));
    if (!url.empty() && !LargestOf(Attribute(image, name)).empty()) return url;
  }
  for (const char* name : kSources) {
    const absl::string_view value =
        absl::StripAsciiWhitespace(Attribute(image, name));
    if (value.empty() || absl::StartsWith(value, "data:")) continue;
    const std::string url = document.Resolve(value);
    if (!url.empty()) return url;
  }
  return "";
}

// "Photo: Jane Doe", or what an element named as credit holds.
void SplitCaption(absl::string_view text, v1::Image* image) {
  if (KindOfLine(text) == LineKind::kCredit && CountWords(text) <= 12) {
    image->set_credit(std::string(text));
  } else {
    image->set_caption(std::string(text));
  }
}

void ReadCaption(const PageModel& model, const MediaPlace& place,
                 v1::Image* image) {
  int figure = -1;
  int steps = 0;
  for (int b = place.box; b >= 0 && steps < 6; ++steps) {
    const Box& box = model.boxes[static_cast<size_t>(b)];
    const bool caption_sibling =
        box.tag == LXB_TAG_FIGURE || (box.hints & kHintCaption) != 0;
    if (caption_sibling) figure = b;
    if (box.tag == LXB_TAG_FIGURE) break;
    b = box.parent;
  }
  if (figure < 0) return;
  const Box& box = model.boxes[static_cast<size_t>(figure)];
  std::string caption;
  for (int i = box.first_block; i < box.end_block; ++i) {
    const TextBlock& block = model.blocks[static_cast<size_t>(i)];
    if (block.words > 150) return;
    if (!caption.empty()) caption.push_back(' ');
    caption.append(CleanText(block.text));
  }
  if (!caption.empty()) SplitCaption(caption, image);
}

bool IsOrnament(const v1::Image& image, Node* node) {
  const auto small = [](int side) { return side > 0 && side < kSmallestSide; };
  if (small(image.width()) || small(image.height())) return true;
  const std::string lower = ToLower(image.url());
  if (absl::EndsWith(lower, ".svg")) return true;
  for (const char* word :
       {"/logo", "logo.", "/icon", "avatar", "pixel.", "spacer", "blank.gif",
        "placeholder", "gravatar", "tracking", "counter"}) {
    if (absl::StrContains(lower, word)) return true;
  }
  const Hints hints = HintsOfName(ClassOf(node));
  return (hints & (kHintShare | kHintAdvert | kHintNavigation)) != 0;
}

}  // namespace

std::optional<v1::Image> ReadImage(const Document& document,
                                   const PageModel& model,
                                   const MediaPlace& place) {
  Node* image_node = place.node;
  v1::Image image;
  if (TagOf(place.node) == LXB_TAG_PICTURE) {
    image_node = FindFirst(place.node, LXB_TAG_IMG);
    Node* source = FindFirst(place.node, LXB_TAG_SOURCE);
    if (source != nullptr) image.set_url(UrlOf(document, source));
    if (image_node == nullptr && image.url().empty()) return std::nullopt;
  } else if (TagOf(place.node) != LXB_TAG_IMG) {
    return std::nullopt;
  }
  if (image_node != nullptr) {
    const std::string url = UrlOf(document, image_node);
    if (!url.empty() &&
        (image.url().empty() || !Attribute(image_node, "srcset").empty())) {
      image.set_url(url);
    }
    image.set_alternative_text(CleanText(Attribute(image_node, "alt")));
    image.set_width(Pixels(Attribute(image_node, "width")));
    image.set_height(Pixels(Attribute(image_node, "height")));
  }
  if (image.url().empty()) return std::nullopt;
  if (IsOrnament(image, image_node == nullptr ? place.node : image_node)) {
    return std::nullopt;
  }
  ReadCaption(model, place, &image);
  return image;
}

std::optional<v1::Embed> ReadEmbed(const Document& document, Node* node) {
  absl::string_view reference = Attribute(node, "src");
  if (reference.empty()) reference = Attribute(node, "data-src");
  if (reference.empty() && FindFirst(node, LXB_TAG_SOURCE) != nullptr) {
    reference = Attribute(FindFirst(node, LXB_TAG_SOURCE), "src");
  }
  const std::string url =
      reference.empty() ? std::string() : document.Resolve(reference);
  if (url.empty()) return std::nullopt;
  const absl::StatusOr<Url> parsed = ParseUrl(url);
  if (!parsed.ok()) return std::nullopt;
  for (const char* word :
       {"doubleclick", "googlesyndication", "adservice", "googletagmanager",
        "facebook.com/plugins/like", "consent", "outbrain", "taboola"}) {
    if (absl::StrContains(url, word)) return std::nullopt;
  }
  v1::Embed embed;
  embed.set_url(url);
  embed.set_provider(
      std::string(absl::StripPrefix(absl::string_view(parsed->host), "www.")));
  return embed;
}

}  // namespace dateline
