#ifndef DATELINE_PARSER_LEDGER_OUTCOME_PLACE_H_
#define DATELINE_PARSER_LEDGER_OUTCOME_PLACE_H_

#include <optional>

#include "common/kafka/record.h"
#include "parser/ledger/page_ledger.h"

namespace dateline {

// The page that a record of `articles` is of, by its ce_id; none where no
// parser wrote it (a tombstone of the store, a stranger's record).
std::optional<RecordPlace> PageOfArticle(const kafka::Record& record);

// The page that a record of `dead-letters` is of, by its headers; none for the
// marks of redrives and strangers' records.
std::optional<RecordPlace> PageOfDeadLetter(const kafka::Record& record);

}  // namespace dateline

#endif  // DATELINE_PARSER_LEDGER_OUTCOME_PLACE_H_
