#ifndef DATELINE_STORE_CORE_INDEXED_TEXT_H_
#define DATELINE_STORE_CORE_INDEXED_TEXT_H_

#include <string>

#include "dateline/v1/article.pb.h"

namespace dateline::store {

// What search looks through besides the headline: the deck, the text of the
// body and of a live blog's entries, a block a line. Depends on nothing that
// `content_sha256` doesn't cover, so that equal digests need no new index.
std::string IndexedText(const v1::Article& article);

// The text of the body and of a live blog's entries, blocks joined by a blank
// line, for people.
std::string PlainText(const v1::Article& article);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_INDEXED_TEXT_H_
