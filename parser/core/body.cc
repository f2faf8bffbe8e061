#include "parser/core/body.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/url.h"
#include "parser/core/images.h"
#include "parser/core/line_role.h"
#include "parser/core/tables.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr int kMaxLinks = 1000;
constexpr int kMaxImages = 200;

class Writer {
 public:
  // Writes blocks [begin, end) of the model.
  Writer(const Document& document, const PageModel& model,
         const Selection& selection, int begin, int end, v1::Article* article)
      : document_(document),
        model_(model),
        selection_(selection),
        begin_(begin),
        end_(end),
        article_(*article),
        places_(model.blocks.size(), -1) {}

  void WriteBlocks() {
    FindExtent();
    auto media = std::lower_bound(
        model_.media.begin(), model_.media.end(), begin_,
        [](const MediaPlace& place, int at) { return place.block < at; });
    for (int i = begin_; i < end_; ++i) {
      for (; media != model_.media.end() && media->block <= i; ++media) {
        WriteMedia(*media);
      }
      if (Kept(i)) WriteBlock(i);
    }
    for (; media != model_.media.end() && media->block <= end_; ++media) {
      WriteMedia(*media);
    }
  }

  std::vector<int> WriteAll() {
    WriteBlocks();
    WriteLinks();
    return std::move(places_);
  }

 private:
  const TextBlock& Block(int i) const {
    return model_.blocks[static_cast<size_t>(i)];
  }
  const Box& BoxAt(int i) const { return model_.boxes[static_cast<size_t>(i)]; }
  bool Kept(int i) const {
    return selection_.verdicts[static_cast<size_t>(i)].kept;
  }

  void FindExtent() {
    for (int i = begin_; i < end_; ++i) {
      if (!Kept(i)) continue;
      if (first_ < 0) first_ = i;
      last_ = i;
      long_titles_ += RoleOfLine(Block(i)) == LineRole::kLongTitle ? 1 : 0;
    }
  }

  // The innermost box of the tag around a block within the container, or -1.
  int Enclosing(int block, lxb_tag_id_t tag) const {
    for (int b = Block(block).box; b >= 0; b = BoxAt(b).parent) {
      if (BoxAt(b).tag == tag) return b;
    }
    return -1;
  }

  void WriteBlock(int i) {
    const TextBlock& block = Block(i);
    if (WriteAsTable(i) || WriteAsEmbed(i) || WriteAsQuote(i)) return;
    if (block.in_list_item && WriteAsListItem(i)) return;
    v1::Block* out = Append(i);
    const std::string folded = absl::StrReplaceAll(block.text, {{"\n", " "}});
    if (block.heading_level > 0) {
      out->mutable_heading()->set_text(folded);
      out->mutable_heading()->set_level(block.heading_level);
      return;
    }
    if (HasHint(i, kHintPullQuote)) {
      out->mutable_pull_quote()->set_text(folded);
      return;
    }
    switch (RoleOfLine(block)) {
      case LineRole::kTitle:
        out->mutable_heading()->set_text(folded);
        out->mutable_heading()->set_level(2);
        return;
      case LineRole::kLongTitle:
        // An interview's bold question heads the answer.
        if (long_titles_ == 1 && !absl::EndsWith(folded, "?")) {
          out->mutable_pull_quote()->set_text(folded);
        } else {
          out->mutable_heading()->set_text(folded);
          out->mutable_heading()->set_level(2);
        }
        return;
      case LineRole::kText:
        out->mutable_paragraph()->set_text(block.text);
        return;
    }
  }

  v1::Block* Append(int block) {
    places_[static_cast<size_t>(block)] = article_.body_size();
    return article_.add_body();
  }

  bool HasHint(int block, Hints hints) const {
    if (Block(block).inline_hints & hints) return true;
    for (int b = Block(block).box; b > selection_.container;
         b = BoxAt(b).parent) {
      if (BoxAt(b).hints & hints) return true;
    }
    return false;
  }

  bool WriteAsTable(int i) {
    if (!Block(i).in_table) return false;
    const int table = Enclosing(i, LXB_TAG_TABLE);
    if (table < 0) return false;
    if (table == last_table_) {
      places_[static_cast<size_t>(i)] = article_.body_size() - 1;
      return true;
    }
    if (table != last_layout_table_ && !IsDataTable(model_, table)) {
      last_layout_table_ = table;
    }
    if (table == last_layout_table_) return false;
    last_table_ = table;
    *Append(i)->mutable_table() = ReadTable(BoxAt(table).node);
    return true;
  }

  // "— Name (@handle) March 10": who posted it, not what.
  static bool IsSignature(absl::string_view text) {
    return absl::StartsWith(text, "— ") && absl::StrContains(text, "(@");
  }

  bool WriteAsEmbed(int i) {
    if (!Block(i).in_quote) return false;
    const int quote = Enclosing(i, LXB_TAG_BLOCKQUOTE);
    if (quote < 0 || !IsPost(BoxAt(quote).node)) return false;
    if (quote == last_quote_ && article_.body_size() > 0 &&
        article_.body(article_.body_size() - 1).has_embed()) {
      v1::Embed* embed =
          article_.mutable_body(article_.body_size() - 1)->mutable_embed();
      if (!IsSignature(Block(i).text)) {
        embed->set_text(absl::StrCat(embed->text(), "\n", Block(i).text));
      }
      places_[static_cast<size_t>(i)] = article_.body_size() - 1;
      return true;
    }
    last_quote_ = quote;
    v1::Embed* embed = Append(i)->mutable_embed();
    embed->set_text(Block(i).text);
    embed->set_url(PostUrl(BoxAt(quote).node));
    const absl::StatusOr<Url> url = ParseUrl(embed->url());
    if (url.ok()) {
      embed->set_provider(absl::StartsWith(url->host, "www.")
                              ? url->host.substr(4)
                              : url->host);
    }
    return true;
  }

  static bool IsPost(Node* quote) {
    return HasClass(quote, "twitter-tweet") ||
           HasClass(quote, "twitter-video") ||
           HasClass(quote, "instagram-media") ||
           HasClass(quote, "tiktok-embed") ||
           HasClass(quote, "bluesky-embed") ||
           HasClass(quote, "reddit-embed-bq") ||
           HasClass(quote, "mastodon-embed") ||
           HasClass(quote, "text-post-media");
  }

  std::string PostUrl(Node* quote) const {
    for (const char* name : {"cite", "data-instgrm-permalink",
                             "data-bluesky-uri", "data-embed-url"}) {
      const std::string url = document_.Resolve(Attribute(quote, name));
      if (!Attribute(quote, name).empty() && !url.empty()) return url;
    }
    std::string last;
    for (Node* node = quote; node != nullptr; node = NextNode(node, quote)) {
      if (TagOf(node) != LXB_TAG_A) continue;
      const std::string url = document_.Resolve(Attribute(node, "href"));
      if (!url.empty()) last = url;
    }
    return last;
  }

  bool WriteAsQuote(int i) {
    if (!Block(i).in_quote) return false;
    const int quote = Enclosing(i, LXB_TAG_BLOCKQUOTE);
    // A blockquote around most of the text is layout.
    if (quote < 0 || quote <= selection_.container) return false;
    const Box& box = BoxAt(quote);
    if (box.end_block - box.first_block > 12) return false;
    const std::string folded =
        absl::StrReplaceAll(Block(i).text, {{"\n", " "}});
    if (quote == last_quote_ && article_.body_size() > 0) {
      v1::Block* last = article_.mutable_body(article_.body_size() - 1);
      const bool cites = IsAttribution(i);
      if (last->has_quote()) {
        Extend(last->mutable_quote(), cites, folded);
        places_[static_cast<size_t>(i)] = article_.body_size() - 1;
        return true;
      }
      if (last->has_pull_quote()) {
        Extend(last->mutable_pull_quote(), cites, folded);
        places_[static_cast<size_t>(i)] = article_.body_size() - 1;
        return true;
      }
    }
    last_quote_ = quote;
    const bool is_pulled = HasHint(i, kHintPullQuote) ||
                           RoleOfLine(Block(i)) != LineRole::kText ||
                           (Block(i).words <= 25 && !Block(i).ends_sentence);
    if (is_pulled) {
      Append(i)->mutable_pull_quote()->set_text(folded);
    } else {
      Append(i)->mutable_quote()->set_text(folded);
    }
    return true;
  }

  bool IsAttribution(int i) const {
    const absl::string_view text = Block(i).text;
    return BoxAt(Block(i).box).tag == LXB_TAG_FOOTER ||
           BoxAt(Block(i).box).tag == LXB_TAG_FIGCAPTION ||
           (Block(i).words <= 12 &&
            (absl::StartsWith(text, "—") || absl::StartsWith(text, "–") ||
             absl::StartsWith(text, "- ")));
  }

  template <typename Quote>
  static void Extend(Quote* quote, bool cites, absl::string_view text) {
    if (!cites) {
      quote->set_text(absl::StrCat(quote->text(), "\n", text));
      return;
    }
    while (absl::StartsWith(text, "—") || absl::StartsWith(text, "–")) {
      text.remove_prefix(3);
    }
    quote->set_attribution(CleanText(text));
  }

  bool WriteAsListItem(int i) {
    int item = Enclosing(i, LXB_TAG_LI);
    if (item < 0 || item <= selection_.container) return false;
    const std::string folded =
        absl::StrReplaceAll(Block(i).text, {{"\n", " "}});
    if (item == last_item_ && article_.body_size() > 0 &&
        article_.body(article_.body_size() - 1).has_list_item()) {
      v1::ListItem* last =
          article_.mutable_body(article_.body_size() - 1)->mutable_list_item();
      last->set_text(absl::StrCat(last->text(), " ", folded));
      places_[static_cast<size_t>(i)] = article_.body_size() - 1;
      return true;
    }
    last_item_ = item;
    v1::ListItem* out = Append(i)->mutable_list_item();
    out->set_text(folded);
    int level = 0;
    int list = -1;
    for (int b = item; b > selection_.container; b = BoxAt(b).parent) {
      const lxb_tag_id_t tag = BoxAt(b).tag;
      if (tag != LXB_TAG_UL && tag != LXB_TAG_OL) continue;
      if (list < 0) list = b;
      ++level;
    }
    out->set_level(std::max(level, 1));
    if (list >= 0 && BoxAt(list).tag == LXB_TAG_OL) {
      out->set_ordinal(list == last_list_ ? last_ordinal_ + 1 : 1);
      last_ordinal_ = out->ordinal();
    }
    last_list_ = list;
    return true;
  }

  void WriteMedia(const MediaPlace& place) {
    if (first_ < 0 || place.block < first_ || place.block > last_ + 1) {
      return;
    }
    if (selection_.container >= 0 &&
        !model_.Holds(selection_.container, place.box)) {
      return;
    }
    if (InDroppedPart(place.box)) return;
    const lxb_tag_id_t tag = TagOf(place.node);
    if (tag == LXB_TAG_IMG || tag == LXB_TAG_PICTURE) {
      if (article_.images_size() >= kMaxImages) return;
      std::optional<v1::Image> image = ReadImage(document_, model_, place);
      if (!image.has_value()) return;
      for (const v1::Block& block : article_.body()) {
        if (block.has_image() && block.image().url() == image->url()) return;
      }
      *article_.add_body()->mutable_image() = *image;
      *article_.add_images() = *std::move(image);
    } else if (std::optional<v1::Embed> embed =
                   ReadEmbed(document_, place.node);
               embed.has_value()) {
      *article_.add_body()->mutable_embed() = *std::move(embed);
    }
  }

  bool InDroppedPart(int box) const {
    constexpr Hints kDropping = kHintComments | kHintRelated | kHintNavigation |
                                kHintShare | kHintPromotion | kHintAdvert |
                                kHintFooter | kHintSidebar | kHintNotice |
                                kHintBio | kHintMeta | kHintHidden;
    for (int b = box; b > selection_.container; b = BoxAt(b).parent) {
      if (BoxAt(b).hints & kDropping) return true;
    }
    return false;
  }

  void WriteLinks() {
    for (const LinkPlace& link : model_.links) {
      const auto block = static_cast<size_t>(link.block);
      if (block >= places_.size() || places_[block] < 0) continue;
      if (article_.links_size() >= kMaxLinks) return;
      const absl::string_view href = Attribute(link.node, "href");
      if (href.empty() || href[0] == '#') continue;
      const std::string url = document_.Resolve(href);
      const std::string text = TextOf(link.node, 2000);
      if (url.empty() || text.empty()) continue;
      v1::Link* out = article_.add_links();
      out->set_url(url);
      out->set_text(text);
      out->set_block_index(places_[block]);
    }
  }

  const Document& document_;
  const PageModel& model_;
  const Selection& selection_;
  const int begin_;
  const int end_;
  v1::Article& article_;
  std::vector<int> places_;
  int first_ = -1;
  int last_ = -1;
  int long_titles_ = 0;
  int last_table_ = -1;
  int last_layout_table_ = -1;
  int last_quote_ = -1;
  int last_item_ = -1;
  int last_list_ = -1;
  int last_ordinal_ = 0;
};

}  // namespace

std::vector<int> WriteBody(const Document& document, const PageModel& model,
                           const Selection& selection, v1::Article* article) {
  return Writer(document, model, selection, 0,
                static_cast<int>(model.blocks.size()), article)
      .WriteAll();
}

void WriteBlocksWithin(const Document& document, const PageModel& model,
                       const Selection& selection, v1::Article* article) {
  const Box& box = model.boxes[static_cast<size_t>(selection.container)];
  Writer(document, model, selection, box.first_block, box.end_block, article)
      .WriteBlocks();
}

}  // namespace dateline
