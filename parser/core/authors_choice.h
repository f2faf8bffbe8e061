#ifndef DATELINE_PARSER_CORE_AUTHORS_CHOICE_H_
#define DATELINE_PARSER_CORE_AUTHORS_CHOICE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "dateline/v1/article.pb.h"

namespace dateline {

// A name as a source gives it.
struct AuthorName {
  std::string name;
  std::string url;
  bool is_organisation = false;  // by the source's own word
  v1::AuthorKind kind = v1::AUTHOR_KIND_UNSPECIFIED;
};

// The names one source gives.
struct AuthorSource {
  v1::EvidenceSource source;
  std::string detail;
  std::vector<AuthorName> names;
};

// The source to believe: the first that names a person, else an agency, else
// the first; unless one that is as good says more. The list must not be
// empty, and kinds must be set.
size_t BestAuthorSource(const std::vector<AuthorSource>& sources);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_AUTHORS_CHOICE_H_
