#ifndef DATELINE_PARSER_CORE_PUBLISHER_H_
#define DATELINE_PARSER_CORE_PUBLISHER_H_

#include <string>

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"
#include "parser/core/metadata_evidence.h"
#include "parser/core/metadata_input.h"

namespace dateline {

// Sets `article.publisher`: the name from JSON-LD, og:site_name and the like,
// or the feed; the domain and, by it, the country.
void ReadPublisher(const MetadataInput& input, EvidenceLog& log,
                   v1::Article& article);

// ISO 3166-1 alpha-2 of a host's country-code top-level domain; "" for generic
// domains and those that are used as such (.tv, .io, .co).
std::string CountryOfHost(absl::string_view host);

// Domain and country by `url`, where `publisher` hasn't got them.
void SetPublisherDomain(absl::string_view url, v1::Publisher& publisher);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_PUBLISHER_H_
