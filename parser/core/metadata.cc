#include "parser/core/metadata.h"

#include "absl/strings/match.h"
#include "parser/core/access.h"
#include "parser/core/article_time.h"
#include "parser/core/authors.h"
#include "parser/core/headline.h"
#include "parser/core/language.h"
#include "parser/core/metadata_input.h"
#include "parser/core/metadata_scan.h"
#include "parser/core/publisher.h"
#include "parser/core/rights.h"
#include "parser/core/text.h"
#include "parser/core/topics.h"

namespace dateline {
namespace {

void ReadCanonicalUrl(const MetadataInput& input, EvidenceLog& log,
                      v1::Article& article) {
  const auto take = [&](v1::EvidenceSource source, absl::string_view detail,
                        absl::string_view reference) {
    if (reference.empty()) return;
    const std::string url = input.document.Resolve(reference);
    if (url.empty()) return;
    if (!article.canonical_url().empty()) {
      return log.Lost("canonical_url", source, detail, url);
    }
    article.set_canonical_url(url);
    log.Won("canonical_url", source, detail, url);
  };
  take(v1::EVIDENCE_SOURCE_MARKUP, "link rel=canonical", input.scan.canonical);
  take(v1::EVIDENCE_SOURCE_META, "og:url", input.scan.Meta("og:url"));
  take(v1::EVIDENCE_SOURCE_JSON_LD, "url", input.json_ld.url);
}

void ReadLeadImage(const MetadataInput& input, EvidenceLog& log,
                   v1::Article& article) {
  const PageScan& scan = input.scan;
  const auto take = [&](v1::EvidenceSource source, absl::string_view detail,
                        const JsonLdImage& found) {
    const std::string url =
        found.url.empty() ? "" : input.document.Resolve(found.url);
    if (url.empty()) return;
    if (article.images_size() > 0)
      return log.Lost("images", source, detail, url);
    v1::Image& image = *article.add_images();
    image.set_url(url);
    image.set_caption(PlainText(TruncateUtf8(found.caption, 4000)));
    image.set_credit(PlainText(TruncateUtf8(found.credit, 1000)));
    image.set_width(found.width);
    image.set_height(found.height);
    image.set_is_lead(true);
    log.Won("images", source, detail, url);
  };
  const JsonLdImage* largest = nullptr;
  for (const JsonLdImage& image : input.json_ld.images) {
    if (largest == nullptr || image.width > largest->width) largest = &image;
  }
  if (largest != nullptr) take(v1::EVIDENCE_SOURCE_JSON_LD, "image", *largest);
  for (const char* name :
       {"og:image", "og:image:url", "twitter:image", "twitter:image:src"}) {
    JsonLdImage image;
    image.url = std::string(scan.Meta(name));
    take(v1::EVIDENCE_SOURCE_META, name, image);
  }
  if (article.images_size() > 0 &&
      article.images(0).alternative_text().empty()) {
    const absl::string_view text = scan.Meta("og:image:alt");
    article.mutable_images(0)->set_alternative_text(std::string(text));
  }
}

// The feed's word where there is nothing else.
void ReadPlainHints(const v1::SourceHints& hints, EvidenceLog& log,
                    v1::Article& article) {
  constexpr auto kFeed = v1::EVIDENCE_SOURCE_FEED;
  const auto text = [&log](const char* field, const std::string& value,
                           std::string* target) {
    if (value.empty()) return;
    *target = PlainText(value);
    log.Won(field, kFeed, field, *target);
  };
  text("headline", hints.title(), article.mutable_headline());
  text("description", hints.description(), article.mutable_description());
  text("section", hints.section(), article.mutable_section());
  text("publisher.name", hints.publisher(),
       article.mutable_publisher()->mutable_name());
  for (const std::string& keyword : hints.keywords()) {
    article.add_keywords(PlainText(keyword));
  }
  for (const std::string& author : hints.authors()) {
    article.add_authors()->set_name(PlainText(author));
    log.Won("authors", kFeed, "authors", author);
  }
  if (hints.has_publish_time()) {
    *article.mutable_publish_time() = hints.publish_time();
    log.Won("publish_time", kFeed, "publish_time", hints.publish_time().raw());
  }
  if (hints.has_modified_time()) {
    *article.mutable_modified_time() = hints.modified_time();
    log.Won("modified_time", kFeed, "modified_time",
            hints.modified_time().raw());
  }
  const std::string language = CanonicalLanguage(hints.language());
  if (!language.empty()) {
    article.mutable_language()->set_tag(language);
    article.mutable_language()->set_confidence(0.5F);
    log.Won("language", kFeed, "language", language);
  }
}

}  // namespace

PageMetadata ReadMetadata(const Document& document, const v1::RawPage& page,
                          bool explain, v1::Article& article) {
  PageMetadata result;
  EvidenceLog log(explain, article);
  PageScan scan = ScanPage(document);
  result.json_ld = ReadJsonLd(scan.json_ld, document.url());
  MetadataInput input{document, page, scan, result.json_ld, ""};
  ReadCanonicalUrl(input, log, article);
  ReadPublisher(input, log, article);
  ReadDeclaredLanguage(input, log, article);
  input.date_language = DateLanguage(article, article.publisher().country());
  result.headline_node = ReadHeadline(input, log, &result.headlines, article);
  ResolveRegions(result.headline_node, &scan);
  ReadDescription(input, result.headline_node, log, &result.descriptions,
                  article);
  ReadAuthors(input, result.headline_node, log, &result.byline_nodes, article);
  ReadArticleTimes(input, result.headline_node, log, &result.date_nodes,
                   article);
  ReadTopics(input, log, article);
  ReadAccess(input, log, article);
  ReadArticleType(input, log, article);
  ReadLeadImage(input, log, article);
  ReadHeaderRights(page, log, article);
  ReadMetaRights(input, log, article);
  return result;
}

void ReadPlainMetadata(const v1::RawPage& page, bool explain,
                       v1::Article& article) {
  EvidenceLog log(explain, article);
  ReadPlainHints(page.hints(), log, article);
  SetPublisherDomain(page.url(), *article.mutable_publisher());
  ReadHeaderRights(page, log, article);
}

}  // namespace dateline
