#include "parser/core/extract.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "common/url.h"
#include "parser/core/article_text.h"
#include "parser/core/body.h"
#include "parser/core/charset.h"
#include "parser/core/data_text.h"
#include "parser/core/dateline_text.h"
#include "parser/core/dates.h"
#include "parser/core/document.h"
#include "parser/core/explanation.h"
#include "parser/core/furniture.h"
#include "parser/core/json_ld.h"
#include "parser/core/live_blog.h"
#include "parser/core/live_entries.h"
#include "parser/core/live_updates.h"
#include "parser/core/metadata.h"
#include "parser/core/page_model.h"
#include "parser/core/plain_text.h"
#include "parser/core/rules/apply_rule.h"
#include "parser/core/selection.h"
#include "parser/core/signature.h"
#include "parser/core/text.h"
#include "parser/core/undone_page.h"

namespace dateline {
namespace {

enum class MediaType { kHtml, kPlain, kOther };

// Where the server didn't say, what the bytes look like (WHATWG MIME Sniffing
// §7.1, no more of it than tells text from the rest).
MediaType Sniff(absl::string_view bytes) {
  const absl::string_view head = bytes.substr(0, 1024);
  for (const char* magic : {"%PDF-", "\x89PNG", "GIF8", "\xff\xd8\xff",
                            "PK\x03", "\x1f\x8b", "RIFF",
                            "\x7f"
                            "ELF",
                            "OggS", "ID3"}) {
    if (absl::StartsWith(head, magic)) return MediaType::kOther;
  }
  const bool is_utf16 =
      absl::StartsWith(head, "\xff\xfe") || absl::StartsWith(head, "\xfe\xff");
  size_t controls = 0;
  for (const char c : head) {
    const auto byte = static_cast<unsigned char>(c);
    controls += byte < 9 || (byte > 13 && byte < 27) ? 1 : 0;
  }
  if (!is_utf16 && controls > head.size() / 20) return MediaType::kOther;
  const std::string lower = absl::AsciiStrToLower(head);
  for (const char* tag :
       {"<!doctype html", "<html", "<head", "<body", "<title", "<meta", "<div",
        "<p>", "<p ", "<article", "<h1", "<script", "<table", "<span", "<br"}) {
    if (absl::StrContains(lower, tag)) return MediaType::kHtml;
  }
  return is_utf16 ? MediaType::kHtml : MediaType::kPlain;
}

MediaType MediaTypeOf(const v1::RawPage& page) {
  if (page.media_type().empty()) return Sniff(page.body());
  if (page.media_type() == "text/html" ||
      page.media_type() == "application/xhtml+xml") {
    return MediaType::kHtml;
  }
  if (page.media_type() == "text/plain") return MediaType::kPlain;
  return MediaType::kOther;
}

void SetProvenance(const v1::RawPage& page, const Charset& charset,
                   const ExtractOptions& options, v1::Article* article) {
  const std::string& requested =
      page.requested_url().empty() ? page.url() : page.requested_url();
  article->set_url(page.url().empty() ? requested : page.url());
  article->set_requested_url(requested);
  if (!page.uid().empty()) {
    article->set_uid(page.uid());
  } else if (const auto canonical = CanonicalUrl(requested); canonical.ok()) {
    article->set_uid(PageUid(*canonical));
  }
  v1::Provenance* provenance = article->mutable_provenance();
  provenance->set_status(page.status());
  provenance->set_charset(charset.name);
  provenance->set_charset_source(charset.source);
  provenance->set_extractor_version(DATELINE_VERSION);
  provenance->set_source(page.hints().source());
  if (page.has_warc()) *provenance->mutable_warc() = page.warc();
  if (page.has_fetch_time()) {
    *article->mutable_fetch_time() = page.fetch_time();
    article->set_version(page.fetch_time().seconds() * 1000 +
                         page.fetch_time().nanos() / 1000000);
  }
  const absl::Time now = options.parse_time;
  article->mutable_parse_time()->set_seconds(absl::ToUnixSeconds(now));
  article->mutable_parse_time()->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(
          now - absl::FromUnixSeconds(absl::ToUnixSeconds(now)))));
}

void Warn(absl::string_view code, absl::string_view message,
          v1::Article* article) {
  v1::Warning* warning = article->add_warnings();
  warning->set_code(std::string(code));
  warning->set_message(std::string(message));
}

void AddEvidence(absl::string_view field, v1::EvidenceSource source,
                 absl::string_view detail, absl::string_view value,
                 v1::Article* article) {
  v1::Evidence* evidence = article->add_evidence();
  evidence->set_field(std::string(field));
  evidence->set_source(source);
  evidence->set_detail(std::string(detail));
  evidence->set_value(std::string(TruncateUtf8(value, 200)));
  evidence->set_chosen(true);
}

void AddLost(absl::string_view field, v1::EvidenceSource source,
             absl::string_view detail, absl::string_view value,
             v1::Article* article) {
  AddEvidence(field, source, detail, value, article);
  article->mutable_evidence()->rbegin()->set_chosen(false);
}

// What is derived from the text once it stands.
void Finish(const Charset& charset, const ExtractOptions& options,
            Extraction* extraction) {
  v1::Article& article = extraction->article;
  for (const v1::Block& block : article.body()) {
    if (!block.has_paragraph()) continue;
    article.set_dateline(ReadDateline(block.paragraph().text()));
    if (!article.dateline().empty()) {
      AddEvidence("dateline", v1::EVIDENCE_SOURCE_TEXT, "first_paragraph",
                  block.paragraph().text(), &article);
    }
    break;
  }
  std::string text = BodyText(article.body());
  for (const v1::LiveUpdate& update : article.live_updates()) {
    absl::StrAppend(&text, "\n\n", BodyText(update.body()));
  }
  RefineLanguage(text, options.explain, article);
  for (const uint32_t value : MinHash(text)) article.add_minhash(value);
  article.set_content_sha256(ContentSha256(article));
  if (charset.has_errors) {
    Warn("charset_errors",
         absl::StrCat("Some bytes are no ", charset.name,
                      "; they stand as U+FFFD."),
         &article);
  }
  if (options.explain) {
    *extraction->explanation.mutable_evidence() = article.evidence();
  }
}

absl::Status ExtractPlain(const v1::RawPage& page,
                          const ExtractOptions& options,
                          Extraction* extraction) {
  const DecodedText decoded =
      Decode(page.body(), page.charset(), /*is_html=*/false);
  SetProvenance(page, decoded.charset, options, &extraction->article);
  ReadPlainMetadata(page, options.explain, extraction->article);
  if (!ReadPlainText(decoded.text(), &extraction->article,
                     options.explain ? &extraction->explanation : nullptr)) {
    return absl::NotFoundError(absl::StrCat("no running text in ", page.url()));
  }
  AddEvidence("body", v1::EVIDENCE_SOURCE_TEXT, "plain_text", "",
              &extraction->article);
  Finish(decoded.charset, options, extraction);
  return absl::OkStatus();
}

// Takes what a "Published in …" line says where nothing better does.
void TakePublishedLine(const PageModel& model, const Selection& selection,
                       v1::Article* article) {
  if (selection.published_line < 0) return;
  const std::string& line =
      model.blocks[static_cast<size_t>(selection.published_line)].text;
  const absl::optional<PublishedInLine> published = ReadPublishedInLine(line);
  if (!published.has_value()) return;
  if (!article->has_publish_time()) {
    *article->mutable_publish_time() = published->time;
    AddEvidence("publish_time", v1::EVIDENCE_SOURCE_TEXT, "published_in_line",
                line, article);
  }
  if (article->publisher().name().empty()) {
    article->mutable_publisher()->set_name(published->publication);
    AddEvidence("publisher", v1::EVIDENCE_SOURCE_TEXT, "published_in_line",
                line, article);
  }
}

// Takes the deck out of the body, where it stands in front: it has a field of
// its own. A standfirst beside the title that is also the page's description
// is one, where the page names no other.
void SetDeckApart(const PageModel& model,
                  const std::vector<std::string>& descriptions,
                  Selection* selection, Extraction* extraction) {
  constexpr int kLooked = 3;
  v1::Article& article = extraction->article;
  const std::string known = NormalizedLine(article.alternative_headline());
  int kept = 0;
  for (size_t i = 0; i < model.blocks.size() && kept < kLooked; ++i) {
    const TextBlock& block = model.blocks[i];
    Verdict& verdict = selection->verdicts[i];
    if (!verdict.kept) continue;
    ++kept;
    const std::string line = NormalizedLine(block.text);
    const bool beside_title = verdict.rule == "lead" || block.heading_level > 1;
    const bool is_description =
        known.empty() && beside_title &&
        std::any_of(descriptions.begin(), descriptions.end(),
                    [&line](const std::string& description) {
                      return NormalizedLine(description) == line;
                    });
    if (line.empty() || (line != known && !is_description)) continue;
    if (is_description) {
      article.set_alternative_headline(block.text);
      AddEvidence("alternative_headline", v1::EVIDENCE_SOURCE_MARKUP, "lead",
                  block.text, &article);
    }
    extraction->deck = block.text;
    verdict = {false, "deck",
               "It is the deck; it stands as the alternative headline."};
    return;
  }
}

absl::Time FetchTimeOf(const v1::RawPage& page) {
  return page.has_fetch_time()
             ? absl::FromUnixSeconds(page.fetch_time().seconds())
             : absl::InfiniteFuture();
}

// Where an article's text stands: in the page's markup or, as a document of its
// own, in its data.
struct TextPlace {
  const Document* document = nullptr;
  PageModel model;
  Selection selection;
};

std::string ShownText(const TextPlace& place) {
  std::string text;
  for (size_t i = 0; i < place.model.blocks.size(); ++i) {
    if (!place.selection.verdicts[i].kept) continue;
    absl::StrAppend(&text, place.model.blocks[i].text, "\n");
  }
  return text;
}

// Those of a page's clues that hold for another document with its text: nodes
// and boxes are of the page alone.
BodyClues WithoutPlaces(const BodyClues& clues) {
  BodyClues others;
  others.article_body = clues.article_body;
  others.headlines = clues.headlines;
  others.descriptions = clues.descriptions;
  others.authors = clues.authors;
  return others;
}

// Replaces a value that was chosen before, which then has lost.
void Outdo(absl::string_view field, bool explain, v1::Article* article) {
  auto* evidence = article->mutable_evidence();
  for (int i = evidence->size() - 1; i >= 0; --i) {
    if (evidence->Get(i).field() != field) continue;
    if (explain) {
      evidence->Mutable(i)->set_chosen(false);
    } else {
      evidence->DeleteSubrange(i, 1);
    }
  }
}

void WarnOfMoreUpdates(v1::Article* article) {
  Warn("live_updates_cut_off",
       absl::StrCat("The live blog has more than ", kMostLiveUpdates,
                    " entries; those after them were not read."),
       article);
}

// Reads the entries of a live blog: JSON-LD's, else those that markup shows.
// Returns what became of the blocks of the latter.
std::vector<EntryBlock> ReadLiveUpdates(const Document& document,
                                        const PageModel& model,
                                        const JsonLdArticle& json_ld,
                                        bool explain, BodyClues* clues,
                                        v1::Article* article) {
  clues->live_updates = WriteLiveUpdates(json_ld, article);
  if (article->live_updates_size() > 0) {
    AddEvidence("live_updates", v1::EVIDENCE_SOURCE_JSON_LD, "liveBlogUpdate",
                "", article);
    if (json_ld.live_updates.size() > kMostLiveUpdates) {
      WarnOfMoreUpdates(article);
    }
    return {};
  }
  const LiveBlog blog = FindLiveBlog(document, model, *article);
  if (blog.entries.empty()) return {};
  WrittenEntries entries = WriteLiveEntries(document, model, blog, article);
  if (entries.boxes.empty()) return {};
  if (blog.is_cut_off) WarnOfMoreUpdates(article);
  AddEvidence("live_updates", blog.source, PathOf(model, entries.boxes.front()),
              "", article);
  clues->live_entries = std::move(entries.boxes);
  if (article->article_type() != v1::ARTICLE_TYPE_LIVE_BLOG) {
    Outdo("article_type", explain, article);
    article->set_article_type(v1::ARTICLE_TYPE_LIVE_BLOG);
    AddEvidence("article_type", blog.source, "live_updates", "", article);
  }
  return std::move(entries.blocks);
}

// An article that a page's data holds, as a document of its own. Stays where it
// is made: `document` borrows `text`, and `place` borrows `document`.
struct DataArticle {
  DataText text;
  absl::optional<Document> document;
  TextPlace place;
  // Whether it has so much more than the page shows that it is the article's.
  bool wins = false;
};

// The text in the page's data, where it is far longer than `shown`; else
// nullptr.
std::unique_ptr<DataArticle> ReadDataText(const Document& page,
                                          const std::string& article_body,
                                          const BodyClues& clues,
                                          const TextPlace& shown) {
  const double shown_words = KeptWords(shown.model, shown.selection);
  if (shown_words > kEnoughShownWords) return nullptr;
  absl::optional<DataText> found = FindDataText(
      {page.source(), article_body, clues, ShownText(shown), shown_words});
  if (!found.has_value()) return nullptr;
  auto data = std::make_unique<DataArticle>();
  data->text = *std::move(found);
  absl::StatusOr<Document> document =
      Document::Parse(data->text.markup, "utf-8", page.url());
  if (!document.ok()) return nullptr;
  TextPlace& place = data->place;
  place.document = &data->document.emplace(*std::move(document));
  place.model = BuildPageModel(*place.document, {});
  place.selection = SelectBody(place.model, WithoutPlaces(clues));
  data->wins = KeptWords(place.model, place.selection) > 2 * shown_words;
  return data;
}

// Takes the title beside an article in data, where the page has none of its
// own or shows nothing.
void TakeDataTitle(const DataText& data, bool explain, v1::Article* article) {
  const bool is_missing = article->headline().empty() && !data.title.empty();
  if (!data.is_only_article && !is_missing) return;
  Outdo("headline", explain, article);
  article->set_headline(data.title);
  AddEvidence("headline", data.source, data.detail, data.title, article);
}

// Where the text of a page was found.
struct PageText {
  TextPlace shown;
  // What became of the blocks in a live blog's entries, within `shown`.
  std::vector<EntryBlock> live_blocks;
  // nullptr where the page's data has no text worth a look.
  std::unique_ptr<DataArticle> data;

  bool is_in_data() const { return data != nullptr && data->wins; }
  TextPlace& place() { return is_in_data() ? data->place : shown; }
};

void ExplainText(PageText& text, const std::vector<int>& places,
                 v1::Explanation* explanation) {
  const TextPlace& shown = text.shown;
  ExplainBlocks(shown.model, shown.selection,
                text.is_in_data() ? std::vector<int>() : places, "",
                explanation);
  for (const EntryBlock& live : text.live_blocks) {
    SetVerdict(live.verdict, explanation->mutable_blocks(live.block));
  }
  if (!text.is_in_data()) return;
  ExplainAsDropped(
      "script_data",
      "The page's data holds the text in full; see the last blocks.",
      explanation);
  const TextPlace& place = text.data->place;
  ExplainBlocks(place.model, place.selection, places, "script > ", explanation);
}

// Says where the body is from and, for an explanation, which other places had
// one.
void AddBodyEvidence(const PageText& text, const CompiledRule* rule,
                     const std::string& article_body, bool explain,
                     v1::Article* article) {
  const TextPlace& shown = text.shown;
  const std::string path = PathOf(shown.model, shown.selection.container);
  const DataText* data = text.data == nullptr ? nullptr : &text.data->text;
  if (text.is_in_data()) {
    AddEvidence("body", data->source, data->detail, "", article);
  } else if (shown.selection.by_rule) {
    AddEvidence("body", v1::EVIDENCE_SOURCE_RULE, rule->file, path, article);
  } else {
    AddEvidence("body", v1::EVIDENCE_SOURCE_MARKUP, path, "", article);
  }
  if (!explain) return;
  if (text.is_in_data()) {
    AddLost("body", v1::EVIDENCE_SOURCE_MARKUP, path, ShownText(shown),
            article);
  } else if (data != nullptr && data->source != v1::EVIDENCE_SOURCE_JSON_LD) {
    AddLost("body", data->source, data->detail, ShownText(text.data->place),
            article);
  }
  const bool is_json_ld =
      text.is_in_data() && data->source == v1::EVIDENCE_SOURCE_JSON_LD;
  if (!article_body.empty() && !is_json_ld) {
    AddLost("body", v1::EVIDENCE_SOURCE_JSON_LD, "articleBody", article_body,
            article);
  }
}

// The page's metadata, and what a site's rule adds to it.
struct PageReading {
  PageMetadata metadata;
  const CompiledRule* rule = nullptr;
  RuleParts rule_parts;
};

PageReading ReadPage(const Document& document, const v1::RawPage& page,
                     const ExtractOptions& options, v1::Article* article) {
  PageReading read;
  read.metadata = ReadMetadata(document, page, options.explain, *article);
  if (options.rules != nullptr) read.rule = options.rules->For(page.url());
  if (read.rule != nullptr) {
    read.rule_parts = ApplyRule(*read.rule, document, FetchTimeOf(page),
                                options.explain, &read.metadata, article);
  }
  return read;
}

BodyClues CluesOf(const PageReading& read, const v1::Article& article) {
  const PageMetadata& metadata = read.metadata;
  BodyClues clues;
  clues.article_body = PlainText(metadata.json_ld.article_body);
  clues.headlines = metadata.headlines;
  clues.descriptions = metadata.descriptions;
  clues.headline_node = metadata.headline_node;
  for (const v1::Author& author : article.authors()) {
    clues.authors.push_back(author.name());
  }
  clues.rule_body = read.rule_parts.body;
  clues.rule_dropped = read.rule_parts.dropped;
  return clues;
}

// Finds the text. Adds to `clues` what a live blog's entries say.
PageText FindText(const Document& document, const PageReading& read,
                  bool explain, BodyClues* clues, v1::Article* article) {
  const PageMetadata& metadata = read.metadata;
  absl::flat_hash_set<const Node*> meta_nodes(metadata.byline_nodes.begin(),
                                              metadata.byline_nodes.end());
  meta_nodes.insert(metadata.date_nodes.begin(), metadata.date_nodes.end());
  PageText text;
  TextPlace& shown = text.shown;
  shown.document = &document;
  shown.model = BuildPageModel(document, meta_nodes);
  text.live_blocks = ReadLiveUpdates(document, shown.model, metadata.json_ld,
                                     explain, clues, article);
  DropMedia(read.rule_parts, &shown.model);
  shown.selection = SelectBody(shown.model, *clues);
  if (article->live_updates().empty() && !shown.selection.by_rule) {
    text.data =
        ReadDataText(document, metadata.json_ld.article_body, *clues, shown);
  }
  return text;
}

absl::Status ExtractHtml(const v1::RawPage& page, const ExtractOptions& options,
                         Extraction* extraction) {
  absl::StatusOr<Document> document =
      Document::Parse(page.body(), page.charset(), page.url());
  if (!document.ok()) return document.status();
  v1::Article& article = extraction->article;
  SetProvenance(page, document->charset(), options, &article);
  const PageReading read = ReadPage(*document, page, options, &article);
  BodyClues clues = CluesOf(read, article);
  PageText text = FindText(*document, read, options.explain, &clues, &article);
  if (text.is_in_data()) {
    TakeDataTitle(text.data->text, options.explain, &article);
  }
  TextPlace& place = text.place();
  SetDeckApart(place.model, clues.descriptions, &place.selection, extraction);
  const std::vector<int> places =
      WriteBody(*place.document, place.model, place.selection, &article);
  if (options.explain) ExplainText(text, places, &extraction->explanation);
  if (BodyText(article.body()).empty() && article.live_updates().empty()) {
    return absl::NotFoundError(absl::StrCat("no article in ", page.url()));
  }
  AddBodyEvidence(text, read.rule, clues.article_body, options.explain,
                  &article);
  TakePublishedLine(place.model, place.selection, &article);
  if (document->truncated()) {
    Warn("page_cut_off",
         "The page's markup is nested or crowded beyond the budget; what came "
         "after was not read.",
         &article);
  }
  Finish(document->charset(), options, extraction);
  return absl::OkStatus();
}

absl::Status Extract(const v1::RawPage& page, const ExtractOptions& options,
                     Extraction* extraction) {
  if (!page.content_codings().empty()) {
    const absl::StatusOr<v1::RawPage> undone =
        UndoneContentCodings(page, kMaxPageBytes);
    if (!undone.ok()) return undone.status();
    return Extract(*undone, options, extraction);
  }
  if (page.body().size() > kMaxPageBytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat(page.url(), " has ", page.body().size(),
                     " bytes; at most ", kMaxPageBytes, " are read"));
  }
  if (absl::StripAsciiWhitespace(page.body()).empty()) {
    return absl::NotFoundError(absl::StrCat("empty page: ", page.url()));
  }
  switch (MediaTypeOf(page)) {
    case MediaType::kHtml:
      return ExtractHtml(page, options, extraction);
    case MediaType::kPlain:
      return ExtractPlain(page, options, extraction);
    case MediaType::kOther:
      break;
  }
  return absl::UnimplementedError(absl::StrCat(
      "media type ",
      page.media_type().empty() ? "of binary data" : page.media_type(),
      " isn't read: ", page.url()));
}

}  // namespace

absl::StatusOr<Extraction> ExtractArticle(const v1::RawPage& page,
                                          const ExtractOptions& options) {
  Extraction extraction;
  const absl::Status status = Extract(page, options, &extraction);
  if (!status.ok()) return status;
  return extraction;
}

absl::Status ExplainArticle(const v1::RawPage& page, ExtractOptions options,
                            Extraction* extraction) {
  options.explain = true;
  absl::Status status = Extract(page, options, extraction);
  if (status.ok()) return status;
  *extraction->explanation.mutable_evidence() = extraction->article.evidence();
  ExplainAsDropped("no_article", "No article came of the page.",
                   &extraction->explanation);
  return status;
}

v1::DeadLetterReason DeadLetterReasonOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnimplemented:
      return v1::DEAD_LETTER_REASON_UNSUPPORTED_MEDIA_TYPE;
    case absl::StatusCode::kInvalidArgument:
      return v1::DEAD_LETTER_REASON_UNPARSABLE;
    case absl::StatusCode::kNotFound:
      return v1::DEAD_LETTER_REASON_NO_ARTICLE;
    case absl::StatusCode::kResourceExhausted:
      return v1::DEAD_LETTER_REASON_TOO_LARGE;
    default:
      return v1::DEAD_LETTER_REASON_UNSPECIFIED;
  }
}

}  // namespace dateline
