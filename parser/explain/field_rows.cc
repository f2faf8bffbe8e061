#include "parser/explain/field_rows.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "parser/explain/evidence_list.h"
#include "parser/explain/field_text.h"

namespace dateline::explain {
namespace {

// A value and, where it names something with an address, that.
struct FieldValue {
  std::string text;
  std::string url;
};

class Rows {
 public:
  Rows(EvidenceByField evidence, HtmlWriter* out)
      : evidence_(std::move(evidence)), out_(*out) {}

  // `field` is the field's name in v1::Article, `label` that for people.
  void Write(const std::string& field, absl::string_view label,
             const std::vector<FieldValue>& values) {
    const auto it = evidence_.find(field);
    if (values.empty() && it == evidence_.end()) return;
    out_.Markup("<div class=\"field\"><dt>").Text(label).Markup("</dt><dd>");
    if (values.empty()) out_.Markup("<p class=\"none\">none</p>");
    for (const FieldValue& value : values) {
      out_.Markup("<p dir=\"auto\">")
          .Link(value.url, value.text)
          .Markup("</p>");
    }
    if (it != evidence_.end()) {
      WriteEvidence(it->second, &out_);
      evidence_.erase(it);
    }
    out_.Markup("</dd></div>\n");
  }

  void Write(const std::string& field, absl::string_view label,
             const std::string& text) {
    Write(field, label,
          text.empty() ? std::vector<FieldValue>()
                       : std::vector<FieldValue>{{text, ""}});
  }

  // Evidence of fields that have no row.
  void WriteRest() {
    while (!evidence_.empty()) {
      const std::string field = evidence_.begin()->first;
      Write(field, field, std::string());
    }
  }

  void Skip(const std::string& field) { evidence_.erase(field); }

 private:
  EvidenceByField evidence_;
  HtmlWriter& out_;
};

std::vector<FieldValue> Authors(const v1::Article& article) {
  std::vector<FieldValue> values;
  for (const v1::Author& author : article.authors()) {
    values.push_back({AuthorText(author), author.url()});
  }
  return values;
}

std::vector<FieldValue> Images(const v1::Article& article) {
  std::vector<FieldValue> values;
  for (const v1::Image& image : article.images()) {
    std::string text = image.url();
    if (image.is_lead()) absl::StrAppend(&text, " (lead)");
    values.push_back({text, image.url()});
  }
  return values;
}

std::string LanguageText(const v1::Language& language) {
  if (language.tag().empty()) return "";
  return absl::StrFormat("%s, confidence %.2f", language.tag(),
                         language.confidence());
}

std::string PublisherText(const v1::Publisher& publisher) {
  std::vector<std::string> parts;
  for (const std::string& part :
       {publisher.name(), publisher.domain(), publisher.country()}) {
    if (!part.empty()) parts.push_back(part);
  }
  return absl::StrJoin(parts, " · ");
}

std::string RightsText(const v1::Rights& rights) {
  std::vector<std::string> parts;
  if (rights.ai_training_opt_out()) {
    parts.push_back("text and data mining reserved");
  }
  if (rights.noarchive()) parts.push_back("noarchive");
  if (!rights.policy_url().empty()) parts.push_back(rights.policy_url());
  return absl::StrJoin(parts, " · ");
}

std::string CharsetText(const v1::Provenance& provenance) {
  if (provenance.charset_source().empty()) return provenance.charset();
  return absl::StrCat(provenance.charset(), ", said by ",
                      provenance.charset_source());
}

}  // namespace

void WriteFields(const Extraction& extraction, HtmlWriter* out) {
  const v1::Article& article = extraction.article;
  Rows rows(GroupEvidence(extraction), out);
  rows.Skip("body");  // stands over the body
  out->Markup("<dl class=\"fields\">\n");
  rows.Write("headline", "Headline", article.headline());
  rows.Write("alternative_headline", "Deck", article.alternative_headline());
  rows.Write("description", "Description", article.description());
  rows.Write("authors", "Authors", Authors(article));
  rows.Write("publish_time", "Published", TimeText(article.publish_time()));
  rows.Write("modified_time", "Modified", TimeText(article.modified_time()));
  rows.Write("dateline", "Dateline", article.dateline());
  rows.Write("section", "Section", article.section());
  rows.Write("keywords", "Keywords", absl::StrJoin(article.keywords(), " · "));
  rows.Write("publisher", "Publisher", PublisherText(article.publisher()));
  rows.Write("language", "Language", LanguageText(article.language()));
  rows.Write("access", "Access",
             EnumText(v1::Access_Name(article.access()), "ACCESS_"));
  rows.Write(
      "article_type", "Type",
      EnumText(v1::ArticleType_Name(article.article_type()), "ARTICLE_TYPE_"));
  rows.Write("rights", "Rights", RightsText(article.rights()));
  rows.Write("canonical_url", "Canonical URL",
             article.canonical_url().empty()
                 ? std::vector<FieldValue>()
                 : std::vector<FieldValue>{
                       {article.canonical_url(), article.canonical_url()}});
  rows.Write("images", "Images", Images(article));
  rows.Write("charset", "Charset", CharsetText(article.provenance()));
  rows.WriteRest();
  out->Markup("</dl>\n");
}

}  // namespace dateline::explain
