#include "parser/core/plain_text.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "parser/core/dates.h"
#include "parser/core/furniture.h"
#include "parser/core/line_role.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

// No article has more; what follows is left out.
constexpr size_t kMaxLines = 20000;
// Lines of wire copy and mail are broken by hand at 60 to 80 columns.
constexpr size_t kWrappedLine = 45;

struct Chunk {
  std::vector<std::string> lines;
};

struct Piece {
  std::string text;
  LineRole role = LineRole::kText;
  bool is_list_item = false;
  bool kept = true;
  absl::string_view rule = "text";
  absl::string_view reason = "It is running text.";
};

std::vector<Chunk> SplitChunks(absl::string_view text) {
  std::vector<Chunk> chunks(1);
  bool any_blank = false;
  size_t lines = 0;
  for (absl::string_view raw : absl::StrSplit(text, '\n')) {
    std::string line = CleanText(raw);
    if (!line.empty()) {
      if (++lines > kMaxLines) break;
      chunks.back().lines.push_back(std::move(line));
      continue;
    }
    any_blank = true;
    if (!chunks.back().lines.empty()) chunks.emplace_back();
  }
  if (chunks.back().lines.empty()) chunks.pop_back();
  if (any_blank || chunks.empty()) return chunks;
  std::vector<Chunk> singles;
  for (std::string& line : chunks[0].lines) {
    singles.push_back({{std::move(line)}});
  }
  return singles;
}

bool TakeBullet(std::string* line) {
  for (const char* bullet : {"• ", "* ", "- ", "– ", "· ", "◦ ", "▪ "}) {
    if (!absl::StartsWith(*line, bullet)) continue;
    line->erase(0, absl::string_view(bullet).size());
    return true;
  }
  return false;
}

bool IsWrapped(const Chunk& chunk) {
  if (chunk.lines.size() < 2) return false;
  size_t bytes = 0;
  for (size_t i = 0; i + 1 < chunk.lines.size(); ++i) {
    bytes += chunk.lines[i].size();
  }
  return bytes / (chunk.lines.size() - 1) >= kWrappedLine;
}

void AddPieces(Chunk chunk, std::vector<Piece>* pieces) {
  if (IsWrapped(chunk)) {
    Piece piece;
    for (const std::string& line : chunk.lines) {
      const bool hyphenated =
          absl::EndsWith(piece.text, "-") && !absl::EndsWith(piece.text, " -");
      if (!piece.text.empty() && !hyphenated) piece.text.push_back(' ');
      piece.text.append(line);
    }
    piece.is_list_item = TakeBullet(&piece.text);
    pieces->push_back(std::move(piece));
    return;
  }
  for (std::string& line : chunk.lines) {
    Piece piece;
    piece.is_list_item = TakeBullet(&line);
    if (!piece.is_list_item) piece.role = RoleOfPlainLine(line);
    piece.text = std::move(line);
    pieces->push_back(std::move(piece));
  }
}

class Reader {
 public:
  explicit Reader(v1::Article* article) : article_(*article) {}

  bool Read(absl::string_view text, v1::Explanation* explanation) {
    for (Chunk& chunk : SplitChunks(text))
      AddPieces(std::move(chunk), &pieces_);
    TakeMailHeaders();
    TakeEnd();
    TakeOpening();
    DropFurniture();
    DropRepeats();
    TrimTail();
    const bool found = Write(explanation);
    return found;
  }

 private:
  static bool IsProse(const Piece& piece) {
    return piece.kept && piece.role == LineRole::kText &&
           (piece.text.size() >= 40 || CountWords(piece.text) >= 6);
  }

  static void Drop(Piece* piece, absl::string_view rule,
                   absl::string_view reason) {
    if (!piece->kept) return;
    piece->kept = false;
    piece->rule = rule;
    piece->reason = reason;
  }

  // "Subject: …", "From: …", at the top only.
  void TakeMailHeaders() {
    for (Piece& piece : pieces_) {
      const size_t colon = piece.text.find(": ");
      if (colon == std::string::npos || colon > 12) return;
      const std::string name = ToLower(piece.text.substr(0, colon));
      const std::string value = piece.text.substr(colon + 2);
      if (name == "subject" || name == "title" || name == "headline") {
        if (article_.headline().empty()) article_.set_headline(value);
      } else if (name == "date") {
        absl::optional<v1::ArticleTime> time = ReadDate(value, {});
        if (time.has_value() && !article_.has_publish_time()) {
          *article_.mutable_publish_time() = *std::move(time);
          Note("publish_time", "Date line", value);
        }
      } else if (name != "from" && name != "to" && name != "reply-to" &&
                 name != "message-id" && name != "author" && name != "by" &&
                 name != "source" && name != "cc" && name != "newsgroups") {
        return;
      }
      Drop(&piece, "mail_header", "It is a header line, as in mail.");
    }
  }

  // Everything from the "Published in …" line or the first end marker on.
  void TakeEnd() {
    const std::vector<size_t> long_prose = LongProseFrom();
    size_t prose = 0;
    for (size_t i = 0; i < pieces_.size(); ++i) {
      Piece& piece = pieces_[i];
      if (IsProse(piece)) {
        ++prose;
      }
      absl::optional<PublishedInLine> published =
          piece.text.size() < 200 ? ReadPublishedInLine(piece.text)
                                  : absl::nullopt;
      if (published.has_value()) {
        TakePublished(*published, piece.text);
        Drop(&piece, "published_line",
             "It says where and when it was printed.");
        if (prose > 0) DropFrom(i + 1, "after_published_line");
        if (prose > 0) return;
        continue;
      }
      if (prose >= 2 && piece.text.size() < 80 &&
          KindOfLine(piece.text) == LineKind::kEndMarker &&
          // Where as many paragraphs follow as went before, it is a heading.
          long_prose[i + 1] < prose) {
        DropFrom(i, "after_end_marker");
        return;
      }
    }
  }

  // How many whole paragraphs stand at each piece and behind it.
  std::vector<size_t> LongProseFrom() const {
    std::vector<size_t> counts(pieces_.size() + 1, 0);
    for (size_t i = pieces_.size(); i-- > 0;) {
      const bool is_long = pieces_[i].text.size() > 200 &&
                           IsProse(pieces_[i]) &&
                           !absl::EndsWith(pieces_[i].text, "...");
      counts[i] = counts[i + 1] + (is_long ? 1 : 0);
    }
    return counts;
  }

  void DropFrom(size_t from, absl::string_view rule) {
    for (size_t i = from; i < pieces_.size(); ++i) {
      Drop(&pieces_[i], rule,
           "It follows the line that ends the article or opens others.");
    }
  }

  void TakePublished(const PublishedInLine& published, absl::string_view line) {
    if (!article_.has_publish_time() ||
        article_.publish_time().precision() == v1::TIME_PRECISION_DAY) {
      *article_.mutable_publish_time() = published.time;
      Note("publish_time", "published_in_line", line);
    }
    if (!published.publication.empty()) {
      article_.mutable_publisher()->set_name(published.publication);
      Note("publisher", "published_in_line", line);
    }
  }

  void Note(absl::string_view field, absl::string_view detail,
            absl::string_view value) {
    v1::Evidence* evidence = nullptr;
    for (v1::Evidence& other : *article_.mutable_evidence()) {
      if (other.field() != field) continue;
      other.set_chosen(false);
      // A later line of the same kind takes the place of the earlier one.
      if (other.detail() == detail) evidence = &other;
    }
    if (evidence == nullptr) evidence = article_.add_evidence();
    evidence->set_field(std::string(field));
    evidence->set_source(v1::EVIDENCE_SOURCE_TEXT);
    evidence->set_detail(std::string(detail));
    evidence->set_value(std::string(TruncateUtf8(value, 200)));
    evidence->set_chosen(true);
  }

  // Title-like lines before the first paragraph: headline, then deck.
  void TakeOpening() {
    size_t first = 0;
    while (first < pieces_.size() && !IsProse(pieces_[first])) ++first;
    if (first == pieces_.size()) return;
    int titles = 0;
    for (size_t i = 0; i < first; ++i) {
      Piece& piece = pieces_[i];
      if (!piece.kept || piece.role == LineRole::kText) continue;
      if (KindOfLine(piece.text) != LineKind::kText) continue;
      if (CountWords(piece.text) < 3 && titles > 0) continue;
      if (titles == 0 && article_.headline().empty()) {
        article_.set_headline(piece.text);
        Note("headline", "first_line", piece.text);
      } else if (titles == 1 && article_.alternative_headline().empty()) {
        article_.set_alternative_headline(piece.text);
      }
      ++titles;
      Drop(&piece, "title", "It is the title or the line under it.");
    }
  }

  void DropFurniture() {
    for (Piece& piece : pieces_) {
      if (!piece.kept || piece.text.size() > 160) continue;
      const LineKind kind = KindOfLine(piece.text);
      if (kind == LineKind::kText) continue;
      if (kind == LineKind::kEndMarker && piece.role == LineRole::kText)
        continue;
      Drop(&piece, RuleOf(kind), ReasonOf(kind));
    }
  }

  void DropRepeats() {
    absl::flat_hash_set<std::string> seen;
    for (Piece& piece : pieces_) {
      if (!piece.kept || piece.text.size() < 20) continue;
      if (!seen.insert(NormalizedLine(piece.text)).second) {
        Drop(&piece, "repeated", "It stands on the page before.");
      }
    }
  }

  void TrimTail() {
    for (size_t i = pieces_.size(); i-- > 0;) {
      Piece& piece = pieces_[i];
      if (!piece.kept) continue;
      if (piece.role == LineRole::kText || piece.is_list_item) return;
      Drop(&piece, "after_text", "It stands after the last sentence.");
    }
  }

  bool Write(v1::Explanation* explanation) {
    bool found = false;
    const auto long_titles =
        std::count_if(pieces_.begin(), pieces_.end(), [](const Piece& piece) {
          return piece.kept && piece.role == LineRole::kLongTitle;
        });
    for (const Piece& piece : pieces_) {
      if (explanation != nullptr) Explain(piece, explanation);
      if (!piece.kept) continue;
      found = found || IsProse(piece);
      WritePiece(piece, long_titles == 1);
    }
    return found;
  }

  void WritePiece(const Piece& piece, bool pull_long_title) {
    v1::Block* block = article_.add_body();
    if (piece.is_list_item) {
      block->mutable_list_item()->set_text(piece.text);
      block->mutable_list_item()->set_level(1);
    } else if (piece.role == LineRole::kLongTitle && pull_long_title) {
      block->mutable_pull_quote()->set_text(piece.text);
    } else if (piece.role != LineRole::kText) {
      block->mutable_heading()->set_text(piece.text);
      block->mutable_heading()->set_level(2);
    } else {
      block->mutable_paragraph()->set_text(piece.text);
    }
  }

  void Explain(const Piece& piece, v1::Explanation* explanation) const {
    v1::BlockExplanation* out = explanation->add_blocks();
    out->set_text(std::string(TruncateUtf8(piece.text, 1000)));
    out->set_kept(piece.kept);
    out->set_rule(std::string(piece.rule));
    out->set_reason(std::string(piece.reason));
    out->set_block_index(piece.kept ? article_.body_size() : -1);
  }

  v1::Article& article_;
  std::vector<Piece> pieces_;
};

}  // namespace

bool ReadPlainText(absl::string_view text, v1::Article* article,
                   v1::Explanation* explanation) {
  std::string unified;
  if (text.find('\r') != absl::string_view::npos) {
    unified.assign(text.data(), text.size());
    for (size_t i = 0; i < unified.size(); ++i) {
      if (unified[i] != '\r') continue;
      unified[i] =
          i + 1 < unified.size() && unified[i + 1] == '\n' ? ' ' : '\n';
    }
    text = unified;
  }
  return Reader(article).Read(text, explanation);
}

}  // namespace dateline
