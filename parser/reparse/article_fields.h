#ifndef DATELINE_PARSER_REPARSE_ARTICLE_FIELDS_H_
#define DATELINE_PARSER_REPARSE_ARTICLE_FIELDS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dateline/v1/article.pb.h"

namespace dateline {

// What an article's fields hold, 32 bits for each, by field number; 0 where a
// field is not set, and in place 0 all fields that this version doesn't know.
// Two readings of a field that differ have the same digest once in four
// billion. Only for comparing within one process.
using FieldDigests = std::array<uint32_t, 32>;

// Of all fields but those that tell of the reading, not of the page:
// `parse_time` and `provenance`.
FieldDigests DigestFields(const v1::Article& article);

// The names of the fields that differ, in the order of their numbers; "unknown"
// for those of later versions.
std::vector<std::string> ChangedFields(const FieldDigests& before,
                                       const FieldDigests& after);

}  // namespace dateline

#endif  // DATELINE_PARSER_REPARSE_ARTICLE_FIELDS_H_
