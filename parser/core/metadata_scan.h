#ifndef DATELINE_PARSER_CORE_METADATA_SCAN_H_
#define DATELINE_PARSER_CORE_METADATA_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "parser/core/document.h"
#include "parser/core/json_ld.h"

namespace dateline {

// A meta element: its name, property, itemprop or http-equiv in lower case, and
// its content as text.
struct MetaTag {
  std::string name;
  std::string content;
};

// An element that may say something of the article.
struct Spot {
  Node* node = nullptr;
  // Its place among the page's elements, from 0.
  size_t order = 0;
  // Class words of its own (see ClassWord), and those of the elements around
  // it that matter: within a comment, a teaser, a footer.
  uint32_t words = 0;
  // Within <footer>, <aside>, <nav>, or something whose class says so, and the
  // headline isn't.
  bool elsewhere = false;
  // The innermost such element around it.
  const Node* region = nullptr;
  // Within <article>, <main> or something like it.
  bool in_article = false;
  // How many <article> elements it is in.
  int article_depth = 0;
};

struct ItemProperty {
  std::string name;  // "datepublished", "author": in lower case
  Spot spot;
};

// What one walk over a page finds for the readers of metadata. Nodes belong to
// the document.
class PageScan {
 public:
  std::vector<MetaTag> metas;
  std::vector<std::string> json_ld;
  std::string title;               // <title>
  std::string canonical;           // <link rel=canonical>, as it stands
  std::vector<Spot> headings;      // h1, h2, h3, and others by class
  std::vector<Spot> times;         // <time>
  std::vector<Spot> date_spots;    // by class
  std::vector<Spot> byline_spots;  // by class, rel=author
  std::vector<Spot> tag_links;     // rel=tag, and links below tag lists
  std::vector<Spot> kickers;
  std::vector<Spot> decks;
  std::vector<ItemProperty> item_properties;
  bool has_paywall_marker = false;
  size_t elements = 0;

  // Makes Meta and Metas find what `metas` has; called once it is complete.
  void IndexMetas();

  // The content of the first meta element of that name that has one.
  absl::string_view Meta(absl::string_view name) const;
  std::vector<absl::string_view> Metas(absl::string_view name) const;

 private:
  // Places in `metas`, by name and then in document order.
  std::vector<uint32_t> by_name_;
};

// The text below an element that is small, as a headline or a byline is; "" of
// one with more than 500 nodes. Keeps the cost of looking at many elements low,
// also where they are nested.
std::string ShortTextOf(Node* node, size_t max_bytes);

// Bounded by the document; lists end at a few hundred entries.
PageScan ScanPage(const Document& document);

// Sets `Spot::elsewhere` anew, now that the headline's element is known: what
// shares its region is not elsewhere.
void ResolveRegions(const Node* headline, PageScan* scan);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_METADATA_SCAN_H_
