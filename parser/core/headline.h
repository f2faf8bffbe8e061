#ifndef DATELINE_PARSER_CORE_HEADLINE_H_
#define DATELINE_PARSER_CORE_HEADLINE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"
#include "parser/core/metadata_evidence.h"
#include "parser/core/metadata_input.h"

namespace dateline {

// Sets `article.headline`, from what JSON-LD, meta elements, the headings and
// the title element say, weighed against each other. Reads
// `article.publisher`. Returns the headline's element, or nullptr; all titles
// the page gives itself go into `headlines`, the headline first.
const Node* ReadHeadline(const MetadataInput& input, EvidenceLog& log,
                         std::vector<std::string>* headlines,
                         v1::Article& article);

// Sets `article.description` and `article.alternative_headline`. Reads
// `article.headline`.
void ReadDescription(const MetadataInput& input, const Node* headline,
                     EvidenceLog& log, std::vector<std::string>* descriptions,
                     v1::Article& article);

// What a site may be called in its own titles, made ready for comparing.
class SiteNames {
 public:
  // `site` is its name, may be empty; `host` a host name.
  SiteNames(absl::string_view site, absl::string_view host);

  // Whether a title, or a part of one, is only the site's name.
  bool Contain(absl::string_view part) const;

  // A title without the site's name at its end or beginning: "Rain - Dawn"
  // gives "Rain" where the site is "Dawn". `others` are further titles of the
  // page: a part that none of them has, behind a separator, is the site's as
  // well.
  std::string Without(absl::string_view title,
                      const std::vector<std::string>& others) const;

 private:
  // All squeezed (see SqueezedTitle).
  std::string name_;
  std::string domain_;
  std::string label_;  // the host's longest
  size_t label_size_;  // before squeezing
};

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_HEADLINE_H_
