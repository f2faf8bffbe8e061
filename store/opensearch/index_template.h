#ifndef DATELINE_STORE_OPENSEARCH_INDEX_TEMPLATE_H_
#define DATELINE_STORE_OPENSEARCH_INDEX_TEMPLATE_H_

#include "nlohmann/json.hpp"

namespace dateline::store {

// Counts up where a change of the mappings needs the index to be built anew.
inline constexpr int kIndexSchema = 1;

// Settings and mappings of an index, as index templates and the creation of an
// index have them.
//
// Words are runs of letters, digits and marks, in lower case and without the
// accents of Latin letters; letter_words.h says which letters are words.
// Nothing shows before it is refreshed: the writer does that, batch by batch.
nlohmann::json IndexDefinition(int shards);

}  // namespace dateline::store

#endif  // DATELINE_STORE_OPENSEARCH_INDEX_TEMPLATE_H_
