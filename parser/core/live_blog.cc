#include "parser/core/live_blog.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/url.h"
#include "parser/core/json_ld.h"
#include "parser/core/live_time.h"
#include "parser/core/live_words.h"

namespace dateline {
namespace {

constexpr size_t kMostGroups = 2000;
// Groups that are looked at closely.
constexpr size_t kMostTried = 6;

constexpr Hints kLive = kHintLive | kHintLiveBlog;

// The path of an address, "" where it is none.
std::string PathOfUrl(absl::string_view text) {
  const absl::StatusOr<Url> url = ParseUrl(text);
  return url.ok() ? absl::StrCat(url->host, url->path) : "";
}

struct Group {
  std::vector<int> boxes;
  uint32_t chars = 0;
  bool is_cut_off = false;
};

class Finder {
 public:
  Finder(const Document& document, const PageModel& model,
         const v1::Article& article, bool page_says)
      : document_(document),
        model_(model),
        article_(article),
        page_says_(page_says) {}

  LiveBlog Find() {
    Collect();
    std::vector<Group> groups;
    for (auto& [key, group] : groups_) {
      Prune(&group);
      if (IsLargeEnough(group)) groups.push_back(std::move(group));
    }
    std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
      if (a.chars != b.chars) return a.chars > b.chars;
      return a.boxes < b.boxes;
    });
    if (groups.size() > kMostTried) groups.resize(kMostTried);
    const Group* best = nullptr;
    LiveBlog blog;
    size_t most = 0;
    for (const Group& group : groups) {
      if (group.chars < 0.7 * groups.front().chars && best != nullptr) break;
      std::vector<LiveEntry> entries;
      const size_t timed = CountTimed(group, &entries);
      if (timed > most) {
        most = timed;
        best = &group;
        blog.entries = std::move(entries);
      }
    }
    if (best == nullptr) return {};
    blog.is_cut_off = best->is_cut_off;
    const Node* node = At(best->boxes.front()).node;
    if (Attribute(const_cast<Node*>(node), "itemprop") == "liveBlogUpdate") {
      blog.source = v1::EVIDENCE_SOURCE_MICRODATA;
    }
    return blog;
  }

 private:
  const Box& At(int box) const {
    return model_.boxes[static_cast<size_t>(box)];
  }
  const TextBlock& Block(int i) const {
    return model_.blocks[static_cast<size_t>(i)];
  }

  static bool MayBeEntry(const Box& box) {
    switch (box.tag) {
      case LXB_TAG_DIV:
      case LXB_TAG_ARTICLE:
      case LXB_TAG_LI:
      case LXB_TAG_SECTION:
        return true;
      default:
        return box.tag >= LXB_TAG__LAST_ENTRY;
    }
  }

  // Boxes that look alike: by their first class, without its numbers, or else
  // by the box they are in.
  std::string KeyOf(const Box& box) const {
    if (box.hints & kHintLive) return "live";
    absl::string_view name =
        absl::StripLeadingAsciiWhitespace(ClassOf(box.node));
    name = name.substr(0, std::min<size_t>(name.find_first_of(" \t\n"), 60));
    std::string key = absl::StrCat(box.tag, name.empty() ? " in " : ".");
    if (name.empty()) return absl::StrCat(key, box.parent);
    for (const char c : name) {
      if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) key += c;
    }
    return key;
  }

  uint32_t TextChars(const Box& box) const {
    uint32_t chars = 0;
    for (int i = box.first_block; i < box.end_block; ++i) {
      chars += Block(i).chars - std::min(Block(i).chars, Block(i).link_chars);
    }
    return chars;
  }

  void Collect() {
    constexpr Hints kElsewhere = kHintComments | kHintRelated |
                                 kHintNavigation | kHintShare | kHintPromotion |
                                 kHintAdvert | kHintFooter | kHintNotice |
                                 kHintHidden | kHintBio;
    if (model_.boxes.empty()) return;
    total_ = TextChars(At(0));
    const uint32_t all = total_;
    for (int b = 1; b < static_cast<int>(model_.boxes.size());) {
      const Box& box = At(b);
      if ((box.hints & kElsewhere) != 0 && (box.hints & kLive) == 0) {
        const uint32_t chars = TextChars(box);
        if ((box.hints & kHintComments) != 0 || 2 * chars < all) {
          total_ -= std::min(total_, chars);
          b = box.end_box;
          continue;
        }
      }
      if (MayBeEntry(box) && box.end_block > box.first_block) {
        AddToGroup(KeyOf(box), b);
      }
      ++b;
    }
  }

  void AddToGroup(std::string key, int box) {
    auto group = groups_.find(key);
    if (group == groups_.end()) {
      if (groups_.size() >= kMostGroups) return;
      group = groups_.try_emplace(std::move(key)).first;
    }
    group->second.boxes.push_back(box);
  }

  // Leaves out boxes around several others of the group, and those within one.
  void Prune(Group* group) const {
    std::vector<int> kept;
    const std::vector<int>& boxes = group->boxes;
    for (size_t i = 0; i < boxes.size();) {
      size_t inner = i + 1;
      int direct = 0;
      while (inner < boxes.size() && model_.Holds(boxes[i], boxes[inner])) {
        ++direct;
        const int end = At(boxes[inner]).end_box;
        while (inner < boxes.size() && boxes[inner] < end) ++inner;
      }
      if (direct >= 2) {
        ++i;
        continue;
      }
      kept.push_back(boxes[i]);
      i = inner;
    }
    group->is_cut_off = kept.size() > kMostLiveUpdates;
    if (group->is_cut_off) kept.resize(kMostLiveUpdates);
    group->boxes = std::move(kept);
    for (const int b : group->boxes) group->chars += TextChars(At(b));
  }

  // Whether something on, in or around the entries says live.
  bool IsNamedLive(const Group& group) const {
    const int first = group.boxes.front();
    for (int b = first; b >= 0; b = At(b).parent) {
      if (At(b).hints & kLive) return true;
    }
    for (int b = first; b < At(first).end_box; ++b) {
      if (At(b).hints & kHintLive) return true;
    }
    return false;
  }

  bool IsLargeEnough(const Group& group) const {
    if (group.boxes.empty()) return false;
    const bool named = IsNamedLive(group);
    if (!named && !page_says_) return false;
    const bool marked = (At(group.boxes.front()).hints & kHintLive) != 0;
    if (group.boxes.size() < (marked ? 2 : 3)) return false;
    return group.chars >= (named ? 0.3 : 0.5) * total_ &&
           group.chars >= 40 * group.boxes.size();
  }

  // Reads the group as entries. Returns how many have a time, where that and
  // all else makes a live blog; else 0.
  size_t CountTimed(const Group& group, std::vector<LiveEntry>* entries) const {
    const std::string page = PathOfUrl(document_.url());
    size_t timed = 0;
    size_t teasers = 0;
    size_t answered = 0;
    absl::flat_hash_set<std::string> times;
    const size_t count = group.boxes.size();
    size_t timeless = 0;
    for (const int b : group.boxes) {
      if (10 * timeless > 3 * count) return 0;
      absl::optional<EntryTime> time =
          TimeOfEntry(model_, b, article_.language().tag());
      if (time.has_value()) {
        ++timed;
        times.insert(time->raw);
      } else {
        ++timeless;
      }
      entries->push_back({b, std::move(time).value_or(EntryTime())});
      teasers += IsTeaser(At(b), page) ? 1 : 0;
      answered += IsAnswered(At(b)) ? 1 : 0;
    }
    if (10 * timed < 7 * count || times.size() < 2) return 0;
    if (3 * teasers > count || 3 * answered > count) return 0;
    return timed;
  }

  // Whether the entry's heading, or most of the entry, leads to another page.
  bool IsTeaser(const Box& box, const std::string& page) const {
    uint32_t chars = 0;
    uint32_t link_chars = 0;
    int heading = -1;
    for (int i = box.first_block; i < box.end_block; ++i) {
      chars += Block(i).chars;
      link_chars += Block(i).link_chars;
      if (heading < 0 && Block(i).heading_level > 0) heading = i;
      // "Read more", behind the beginning of a post.
      const bool is_last_link = i + 1 == box.end_block && Block(i).words <= 5 &&
                                Block(i).LinkDensity() > 0.8;
      if (is_last_link && LeadsElsewhere(i, page)) return true;
    }
    if (2 * link_chars > chars) return true;
    return heading >= 0 && Block(heading).LinkDensity() > 0.6 &&
           LeadsElsewhere(heading, page);
  }

  // Whether a block's first link leads to another page than this one and what
  // is below it.
  bool LeadsElsewhere(int block, const std::string& page) const {
    const auto link = std::lower_bound(
        model_.links.begin(), model_.links.end(), block,
        [](const LinkPlace& place, int at) { return place.block < at; });
    if (link == model_.links.end() || link->block != block) return false;
    const absl::string_view href = Attribute(link->node, "href");
    if (href.empty() || href[0] == '#') return false;
    const std::string path = PathOfUrl(document_.Resolve(href));
    return !path.empty() && !absl::StartsWith(path, page);
  }

  bool IsAnswered(const Box& box) const {
    for (int i = std::max(box.first_block, box.end_block - 4);
         i < box.end_block; ++i) {
      if (Block(i).words <= 4 && IsReplyTool(Block(i).Normalized())) {
        return true;
      }
    }
    return false;
  }

  const Document& document_;
  const PageModel& model_;
  const v1::Article& article_;
  const bool page_says_;
  uint32_t total_ = 0;
  absl::flat_hash_map<std::string, Group> groups_;
};

}  // namespace

LiveBlog FindLiveBlog(const Document& document, const PageModel& model,
                      const v1::Article& article) {
  const bool page_says = article.article_type() == v1::ARTICLE_TYPE_LIVE_BLOG ||
                         NamesLiveBlog(document.url(), article.headline());
  const bool markup_says =
      std::any_of(model.boxes.begin(), model.boxes.end(),
                  [](const Box& box) { return (box.hints & kLive) != 0; });
  if (!page_says && !markup_says) return {};
  return Finder(document, model, article, page_says).Find();
}

}  // namespace dateline
