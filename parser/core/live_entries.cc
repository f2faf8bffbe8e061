#include "parser/core/live_entries.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "parser/core/body.h"
#include "parser/core/byline.h"
#include "parser/core/images.h"
#include "parser/core/live_time.h"
#include "parser/core/live_updates.h"
#include "parser/core/live_words.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr int kMostAuthors = 10;

constexpr Verdict kInEntry = {true, "live_update",
                              "It stands in an entry of the live blog."};
constexpr Verdict kTime = {false, "live_update_time",
                           "It is the time of an entry of the live blog."};
constexpr Verdict kByline = {
    false, "live_update_byline",
    "It names who wrote an entry of the live blog, whose authors have it."};
constexpr Verdict kFurniture = {
    false, "live_update_furniture",
    "It is furniture in an entry of the live blog: a tool, a promotion, a "
    "caption, a date."};
constexpr Verdict kLinks = {
    false, "live_update_links",
    "It is a short line of links in an entry of the live blog."};

// A heading without the clock's time in front of it: "10.32 Uhr: The gate".
std::string WithoutClock(absl::string_view title) {
  const std::string whole(title);
  if (!ClockAtStart(title).has_value() ||
      !absl::ascii_isdigit(static_cast<unsigned char>(title[0]))) {
    return whole;
  }
  const size_t end = title.find_first_not_of("0123456789:.h ");
  if (end == absl::string_view::npos) return whole;
  title.remove_prefix(end);
  for (const char* word : {"Uhr", "PM", "AM", "pm", "am", "p.m.", "a.m."}) {
    if (absl::StartsWith(title, word)) {
      title.remove_prefix(absl::string_view(word).size());
      break;
    }
  }
  for (bool is_mark = true; is_mark && !title.empty();) {
    is_mark = false;
    for (const char* mark : {" ", ":", "-", "–", "—", "|", "•", "·"}) {
      if (!absl::StartsWith(title, mark)) continue;
      title.remove_prefix(absl::string_view(mark).size());
      is_mark = true;
    }
  }
  return title.empty() ? whole : std::string(title);
}

class Reader {
 public:
  Reader(const Document& document, const PageModel& model, v1::Article* article)
      : document_(document), model_(model), article_(*article) {
    selection_.verdicts.resize(model.blocks.size(), {false, "", ""});
  }

  // What becomes of each block goes into `decided`, which is empty before.
  v1::LiveUpdate Read(const LiveEntry& live, std::vector<EntryBlock>* decided) {
    const int box = live.box;
    const Box& entry = model_.boxes[static_cast<size_t>(box)];
    v1::LiveUpdate update;
    std::vector<int> lines;
    for (int i = entry.first_block; i < entry.end_block; ++i) {
      decided->push_back({i, DecideOn(i, live, &update)});
      if (decided->back().verdict.kept) lines.push_back(i);
    }
    if (!lines.empty() && IsTitle(lines.front(), box, lines.size() > 1)) {
      update.set_headline(WithoutClock(
          absl::StrReplaceAll(Block(lines.front()).text, {{"\n", " "}})));
      lines.erase(lines.begin());
    }
    for (const int i : lines) {
      if (IsLinkLine(i)) {
        (*decided)[static_cast<size_t>(i - entry.first_block)].verdict = kLinks;
      } else {
        selection_.verdicts[static_cast<size_t>(i)].kept = true;
      }
    }
    selection_.container = box;
    v1::Article written;
    WriteBlocksWithin(document_, model_, selection_, &written);
    *update.mutable_body() = std::move(*written.mutable_body());
    for (v1::Image& image : *written.mutable_images()) {
      if (article_.images_size() >= kMostImages) break;
      *article_.add_images() = std::move(image);
    }
    update.set_url(AddressOf(entry.node));
    return update;
  }

 private:
  // Names in a byline become the entry's authors.
  Verdict DecideOn(int i, const LiveEntry& live, v1::LiveUpdate* update) const {
    if (i == live.time.block || IsClockLine(Block(i))) return kTime;
    if (TakeByline(i, live.box, update)) return kByline;
    if (IsFurniture(i, live.box)) return kFurniture;
    return kInEntry;
  }

  const TextBlock& Block(int i) const {
    return model_.blocks[static_cast<size_t>(i)];
  }

  // What the boxes around a block say, up to the entry.
  Hints HintsWithin(int block, int entry) const {
    Hints hints = Block(block).inline_hints;
    for (int b = Block(block).box; b > entry;
         b = model_.boxes[static_cast<size_t>(b)].parent) {
      hints |= model_.boxes[static_cast<size_t>(b)].hints;
    }
    return hints;
  }

  bool TakeByline(int i, int entry, v1::LiveUpdate* update) const {
    const TextBlock& block = Block(i);
    if (block.words > 12 || block.heading_level > 0) return false;
    const bool is_meta = (HintsWithin(i, entry) & kHintMeta) != 0;
    if (!is_meta && !OpensByline(block.text)) return false;
    bool found = false;
    for (const std::string& name : NamesInByline(block.text)) {
      if (!IsPlausibleName(name) || update->authors_size() >= kMostAuthors) {
        continue;
      }
      v1::Author* author = update->add_authors();
      author->set_name(name);
      author->set_kind(KindOfName(name, article_.publisher().name()));
      found = true;
    }
    return found || is_meta;
  }

  bool IsFurniture(int i, int entry) const {
    constexpr Hints kDropping = kHintComments | kHintRelated | kHintNavigation |
                                kHintShare | kHintPromotion | kHintAdvert |
                                kHintNotice | kHintHidden | kHintBio |
                                kHintCaption;
    const TextBlock& block = Block(i);
    if (block.in_caption || (HintsWithin(i, entry) & kDropping) != 0) {
      return true;
    }
    if (block.words <= 4 && IsReplyTool(block.Normalized())) return true;
    switch (block.Kind()) {
      case LineKind::kTool:
      case LineKind::kAdvert:
      case LineKind::kDate:
        return true;
      case LineKind::kPromotion:
      case LineKind::kReadAlso:
        return block.words <= 35;
      default:
        return false;
    }
  }

  bool IsLinkLine(int i) const {
    return Block(i).LinkDensity() > 0.85 && Block(i).words < 12;
  }

  bool IsTitle(int i, int entry, bool text_follows) const {
    const TextBlock& block = Block(i);
    if (block.heading_level > 0) return true;
    if (!text_follows || block.words > 25) return false;
    if ((HintsWithin(i, entry) & kHintTitle) != 0) return true;
    return 10 * block.bold_chars >= 9 * block.chars && !block.ends_sentence;
  }

  // The entry's anchor on this page, or else the link that is named as its own
  // or holds its time.
  std::string AddressOf(Node* entry) const {
    if (!IdOf(entry).empty()) return At("#", IdOf(entry));
    constexpr int kMostNodes = 200;
    int nodes = 0;
    for (Node* node = entry; node != nullptr && nodes < kMostNodes;
         node = NextNode(node, entry), ++nodes) {
      if (TagOf(node) != LXB_TAG_A) continue;
      const absl::string_view href = Attribute(node, "href");
      if (href.empty()) {
        const absl::string_view name = Attribute(node, "name");
        if (!name.empty()) return At("#", name);
        continue;
      }
      const bool is_own =
          absl::StrContains(Attribute(node, "rel"), "bookmark") ||
          Attribute(node, "itemprop") == "url" ||
          FindFirst(node, LXB_TAG_TIME) != nullptr;
      if (is_own) return At("", href);
    }
    return "";
  }

  std::string At(absl::string_view mark, absl::string_view reference) const {
    return LiveUpdateUrl(mark.empty() ? document_.base_url() : document_.url(),
                         std::string(mark) + std::string(reference));
  }

  const Document& document_;
  const PageModel& model_;
  v1::Article& article_;
  Selection selection_;
};

}  // namespace

WrittenEntries WriteLiveEntries(const Document& document,
                                const PageModel& model, const LiveBlog& blog,
                                v1::Article* article) {
  std::vector<EntryTime> times;
  for (const LiveEntry& entry : blog.entries) times.push_back(entry.time);
  DateEntries(*article, &times);
  Reader reader(document, model, article);
  WrittenEntries written;
  for (size_t i = 0; i < blog.entries.size(); ++i) {
    const LiveEntry entry = {blog.entries[i].box, std::move(times[i])};
    std::vector<EntryBlock> decided;
    v1::LiveUpdate update = reader.Read(entry, &decided);
    if (update.headline().empty() && update.body().empty()) continue;
    if (entry.time.time.has_value()) *update.mutable_time() = *entry.time.time;
    *article->add_live_updates() = std::move(update);
    written.boxes.push_back(entry.box);
    written.blocks.insert(written.blocks.end(), decided.begin(), decided.end());
  }
  return written;
}

}  // namespace dateline
