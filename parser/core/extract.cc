#include "parser/core/extract.h"

#include <algorithm>
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
#include "parser/core/dateline_text.h"
#include "parser/core/dates.h"
#include "parser/core/document.h"
#include "parser/core/furniture.h"
#include "parser/core/live_updates.h"
#include "parser/core/metadata.h"
#include "parser/core/page_model.h"
#include "parser/core/plain_text.h"
#include "parser/core/rules/apply_rule.h"
#include "parser/core/selection.h"
#include "parser/core/signature.h"
#include "parser/core/text.h"

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

absl::StatusOr<Extraction> ExtractPlain(const v1::RawPage& page,
                                        const ExtractOptions& options) {
  const DecodedText decoded =
      Decode(page.body(), page.charset(), /*is_html=*/false);
  Extraction extraction;
  SetProvenance(page, decoded.charset, options, &extraction.article);
  ReadPlainMetadata(page, options.explain, extraction.article);
  if (!ReadPlainText(decoded.text(), &extraction.article,
                     options.explain ? &extraction.explanation : nullptr)) {
    return absl::NotFoundError(absl::StrCat("no running text in ", page.url()));
  }
  AddEvidence("body", v1::EVIDENCE_SOURCE_TEXT, "plain_text", "",
              &extraction.article);
  Finish(decoded.charset, options, &extraction);
  return extraction;
}

void Explain(const PageModel& model, const Selection& selection,
             const std::vector<int>& places, v1::Explanation* explanation) {
  for (size_t i = 0; i < model.blocks.size(); ++i) {
    v1::BlockExplanation* out = explanation->add_blocks();
    out->set_text(std::string(TruncateUtf8(model.blocks[i].text, 1000)));
    out->set_path(PathOf(model, model.blocks[i].box));
    out->set_kept(selection.verdicts[i].kept);
    out->set_rule(std::string(selection.verdicts[i].rule));
    out->set_reason(std::string(selection.verdicts[i].reason));
    out->set_block_index(places[i]);
  }
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

absl::StatusOr<Extraction> ExtractHtml(const v1::RawPage& page,
                                       const ExtractOptions& options) {
  absl::StatusOr<Document> document =
      Document::Parse(page.body(), page.charset(), page.url());
  if (!document.ok()) return document.status();
  Extraction extraction;
  v1::Article& article = extraction.article;
  SetProvenance(page, document->charset(), options, &article);
  BodyClues clues;
  absl::flat_hash_set<const Node*> meta_nodes;
  PageMetadata metadata =
      ReadMetadata(*document, page, options.explain, article);
  const CompiledRule* rule =
      options.rules == nullptr ? nullptr : options.rules->For(page.url());
  RuleParts rule_parts;
  if (rule != nullptr) {
    rule_parts = ApplyRule(*rule, *document, FetchTimeOf(page), options.explain,
                           &metadata, &article);
    clues.rule_body = rule_parts.body;
    clues.rule_dropped = rule_parts.dropped;
  }
  clues.article_body = PlainText(metadata.json_ld.article_body);
  clues.headlines = std::move(metadata.headlines);
  clues.descriptions = std::move(metadata.descriptions);
  clues.headline_node = metadata.headline_node;
  for (const v1::Author& author : article.authors()) {
    clues.authors.push_back(author.name());
  }
  meta_nodes.insert(metadata.byline_nodes.begin(), metadata.byline_nodes.end());
  meta_nodes.insert(metadata.date_nodes.begin(), metadata.date_nodes.end());
  clues.live_updates = WriteLiveUpdates(metadata.json_ld, &article);
  PageModel model = BuildPageModel(*document, meta_nodes);
  DropMedia(rule_parts, &model);
  Selection selection = SelectBody(model, clues);
  SetDeckApart(model, clues.descriptions, &selection, &extraction);
  const std::vector<int> places =
      WriteBody(*document, model, selection, &article);
  if (options.explain) {
    Explain(model, selection, places, &extraction.explanation);
  }
  if (BodyText(article.body()).empty() && article.live_updates().empty()) {
    return absl::NotFoundError(absl::StrCat("no article in ", page.url()));
  }
  if (selection.by_rule) {
    AddEvidence("body", v1::EVIDENCE_SOURCE_RULE, rule->file,
                PathOf(model, selection.container), &article);
  } else {
    AddEvidence("body", v1::EVIDENCE_SOURCE_MARKUP,
                PathOf(model, selection.container), "", &article);
  }
  TakePublishedLine(model, selection, &article);
  if (document->truncated()) {
    Warn("page_cut_off",
         "The page's markup is nested or crowded beyond the budget; what came "
         "after was not read.",
         &article);
  }
  Finish(document->charset(), options, &extraction);
  return extraction;
}

}  // namespace

absl::StatusOr<Extraction> ExtractArticle(const v1::RawPage& page,
                                          const ExtractOptions& options) {
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
      return ExtractHtml(page, options);
    case MediaType::kPlain:
      return ExtractPlain(page, options);
    case MediaType::kOther:
      break;
  }
  return absl::UnimplementedError(absl::StrCat(
      "media type ",
      page.media_type().empty() ? "of binary data" : page.media_type(),
      " isn't read: ", page.url()));
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
