#ifndef DATELINE_STORE_SQLITE_TOKENIZER_H_
#define DATELINE_STORE_SQLITE_TOKENIZER_H_

#include <sqlite3.h>

#include "absl/status/status.h"

namespace dateline::store {

// Makes the FTS5 tokenizer "dateline" known to a connection, which every one
// that reads or writes the index needs. It is SQLite's unicode61 without
// diacritics, but for scripts that are written without spaces between words
// (Chinese, Japanese, Thai, Lao, Khmer, Burmese) and Korean, whose words grow
// endings: of these each letter is a token, so that a phrase of letters is
// found wherever they stand next to each other, without any dictionary.
absl::Status RegisterTokenizer(sqlite3* database);

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_TOKENIZER_H_
