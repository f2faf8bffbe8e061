#include "parser/core/access.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/url.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

// What the words of `article:content_tier` and its relatives mean.
constexpr std::pair<const char*, v1::Access> kTiers[] = {
    {"free", v1::ACCESS_FREE},
    {"public", v1::ACCESS_FREE},
    {"open", v1::ACCESS_FREE},
    {"false", v1::ACCESS_FREE},
    {"metered", v1::ACCESS_METERED},
    {"locked", v1::ACCESS_PAYWALLED},
    {"paid", v1::ACCESS_PAYWALLED},
    {"premium", v1::ACCESS_PAYWALLED},
    {"plus", v1::ACCESS_PAYWALLED},
    {"subscriber", v1::ACCESS_PAYWALLED},
    {"subscription", v1::ACCESS_PAYWALLED},
    {"abo", v1::ACCESS_PAYWALLED},
    {"true", v1::ACCESS_PAYWALLED},
    {"paywall", v1::ACCESS_PAYWALLED},
    {"yes", v1::ACCESS_PAYWALLED},
    {"no", v1::ACCESS_FREE}};

v1::Access TierOf(absl::string_view text) {
  for (const auto& [word, access] : kTiers) {
    if (absl::EqualsIgnoreCase(text, word)) return access;
  }
  return v1::ACCESS_UNSPECIFIED;
}

bool Take(v1::Access access, v1::EvidenceSource source,
          absl::string_view detail, absl::string_view value, EvidenceLog& log,
          v1::Article& article) {
  if (access == v1::ACCESS_UNSPECIFIED) return false;
  if (article.access() != v1::ACCESS_UNSPECIFIED) {
    log.Lost("access", source, detail, value);
    return false;
  }
  article.set_access(access);
  log.Won("access", source, detail, value);
  return true;
}

constexpr std::pair<absl::string_view, v1::ArticleType> kSchemaTypes[] = {
    {"LiveBlogPosting", v1::ARTICLE_TYPE_LIVE_BLOG},
    {"OpinionNewsArticle", v1::ARTICLE_TYPE_OPINION},
    {"AnalysisNewsArticle", v1::ARTICLE_TYPE_ANALYSIS},
    {"BackgroundNewsArticle", v1::ARTICLE_TYPE_ANALYSIS},
    {"ReviewNewsArticle", v1::ARTICLE_TYPE_REVIEW},
    {"CriticReview", v1::ARTICLE_TYPE_REVIEW},
    {"AdvertiserContentArticle", v1::ARTICLE_TYPE_SPONSORED},
    {"BlogPosting", v1::ARTICLE_TYPE_BLOG_POST},
    {"ReportageNewsArticle", v1::ARTICLE_TYPE_NEWS},
    {"AskPublicNewsArticle", v1::ARTICLE_TYPE_NEWS}};

// Sections and path segments that name a kind of piece, in the languages where
// the word is telling.
constexpr std::pair<absl::string_view, v1::ArticleType> kSectionTypes[] = {
    {"opinion", v1::ARTICLE_TYPE_OPINION},
    {"opinions", v1::ARTICLE_TYPE_OPINION},
    {"commentisfree", v1::ARTICLE_TYPE_OPINION},
    {"editorial", v1::ARTICLE_TYPE_OPINION},
    {"editorials", v1::ARTICLE_TYPE_OPINION},
    {"columnists", v1::ARTICLE_TYPE_OPINION},
    {"op-ed", v1::ARTICLE_TYPE_OPINION},
    {"kommentar", v1::ARTICLE_TYPE_OPINION},
    {"kommentare", v1::ARTICLE_TYPE_OPINION},
    {"meinung", v1::ARTICLE_TYPE_OPINION},
    {"gastkommentar", v1::ARTICLE_TYPE_OPINION},
    {"kolumne", v1::ARTICLE_TYPE_OPINION},
    {"kolumnen", v1::ARTICLE_TYPE_OPINION},
    {"tribune", v1::ARTICLE_TYPE_OPINION},
    {"opinião", v1::ARTICLE_TYPE_OPINION},
    {"opiniao", v1::ARTICLE_TYPE_OPINION},
    {"opinión", v1::ARTICLE_TYPE_OPINION},
    {"opinie", v1::ARTICLE_TYPE_OPINION},
    {"opinia", v1::ARTICLE_TYPE_OPINION},
    {"debatt", v1::ARTICLE_TYPE_OPINION},
    {"ledare", v1::ARTICLE_TYPE_OPINION},
    {"leder", v1::ARTICLE_TYPE_OPINION},
    {"yazarlar", v1::ARTICLE_TYPE_OPINION},
    {"社説", v1::ARTICLE_TYPE_OPINION},
    {"analysis", v1::ARTICLE_TYPE_ANALYSIS},
    {"analyse", v1::ARTICLE_TYPE_ANALYSIS},
    {"analysen", v1::ARTICLE_TYPE_ANALYSIS},
    {"análisis", v1::ARTICLE_TYPE_ANALYSIS},
    {"analisi", v1::ARTICLE_TYPE_ANALYSIS},
    {"review", v1::ARTICLE_TYPE_REVIEW},
    {"reviews", v1::ARTICLE_TYPE_REVIEW},
    {"rezension", v1::ARTICLE_TYPE_REVIEW},
    {"rezensionen", v1::ARTICLE_TYPE_REVIEW},
    {"interview", v1::ARTICLE_TYPE_INTERVIEW},
    {"interviews", v1::ARTICLE_TYPE_INTERVIEW},
    {"entrevista", v1::ARTICLE_TYPE_INTERVIEW},
    {"entrevistas", v1::ARTICLE_TYPE_INTERVIEW},
    {"sponsored", v1::ARTICLE_TYPE_SPONSORED},
    {"advertorial", v1::ARTICLE_TYPE_SPONSORED},
    {"anzeige", v1::ARTICLE_TYPE_SPONSORED},
    {"press-release", v1::ARTICLE_TYPE_SPONSORED},
    {"liveblog", v1::ARTICLE_TYPE_LIVE_BLOG},
    {"live-blog", v1::ARTICLE_TYPE_LIVE_BLOG}};

v1::ArticleType SectionType(absl::string_view section) {
  const std::string lower = ToLower(section);
  for (const auto& [word, type] : kSectionTypes) {
    if (lower == word) return type;
  }
  return v1::ARTICLE_TYPE_UNSPECIFIED;
}

void SetType(v1::ArticleType type, v1::EvidenceSource source,
             absl::string_view detail, absl::string_view value,
             EvidenceLog& log, v1::Article& article) {
  article.set_article_type(type);
  log.Won("article_type", source, detail, value);
}

// True where a segment of the path, but not the last one, names a kind.
bool ReadPathType(absl::string_view url, EvidenceLog& log,
                  v1::Article& article) {
  const absl::StatusOr<Url> parsed = ParseUrl(url);
  if (!parsed.ok()) return false;
  absl::string_view path = parsed->path;
  for (size_t slash = path.find('/', 1); slash != absl::string_view::npos;
       slash = path.find('/', 1)) {
    const absl::string_view segment = path.substr(1, slash - 1);
    const v1::ArticleType type = SectionType(segment);
    if (type != v1::ARTICLE_TYPE_UNSPECIFIED) {
      SetType(type, v1::EVIDENCE_SOURCE_URL, "path", segment, log, article);
      return true;
    }
    path.remove_prefix(slash);
  }
  return false;
}

}  // namespace

void ReadAccess(const MetadataInput& input, EvidenceLog& log,
                v1::Article& article) {
  const absl::optional<bool>& free = input.json_ld.is_accessible_for_free;
  if (free.has_value()) {
    Take(*free ? v1::ACCESS_FREE : v1::ACCESS_PAYWALLED,
         v1::EVIDENCE_SOURCE_JSON_LD, "isAccessibleForFree",
         *free ? "true" : "false", log, article);
  }
  for (const char* name :
       {"article:content_tier", "og:article:content_tier",
        "outbrain:article_access_status", "cxenseparse:recs:paywall",
        "article:paywall", "is_paywalled", "paywall", "content_tier"}) {
    const absl::string_view value = input.scan.Meta(name);
    Take(TierOf(value), v1::EVIDENCE_SOURCE_META, name, value, log, article);
  }
  if (input.scan.has_paywall_marker &&
      article.access() == v1::ACCESS_UNSPECIFIED) {
    log.Lost("access", v1::EVIDENCE_SOURCE_MARKUP, "class", "paywall");
  }
}

void ReadArticleType(const MetadataInput& input, EvidenceLog& log,
                     v1::Article& article) {
  for (const auto& [name, type] : kSchemaTypes) {
    for (const std::string& said : input.json_ld.types) {
      if (said != name) continue;
      SetType(type, v1::EVIDENCE_SOURCE_JSON_LD, "@type", said, log, article);
      return;
    }
  }
  const v1::ArticleType by_section = SectionType(article.section());
  if (by_section != v1::ARTICLE_TYPE_UNSPECIFIED) {
    return SetType(by_section, v1::EVIDENCE_SOURCE_META, "section",
                   article.section(), log, article);
  }
  if (ReadPathType(input.document.url(), log, article)) return;
  if (input.json_ld.found) {
    return SetType(v1::ARTICLE_TYPE_NEWS, v1::EVIDENCE_SOURCE_JSON_LD, "@type",
                   input.json_ld.types.front(), log, article);
  }
  if (absl::EqualsIgnoreCase(input.scan.Meta("og:type"), "article")) {
    SetType(v1::ARTICLE_TYPE_NEWS, v1::EVIDENCE_SOURCE_META, "og:type",
            "article", log, article);
  }
}

}  // namespace dateline
