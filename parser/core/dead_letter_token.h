#ifndef DATELINE_PARSER_CORE_DEAD_LETTER_TOKEN_H_
#define DATELINE_PARSER_CORE_DEAD_LETTER_TOKEN_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dateline/v1/parser_service.pb.h"

namespace dateline {

// By partition of the dead-letters topic: a listing goes on below this offset.
using LetterCursors = std::map<int32_t, int64_t>;

// A page token: cursors, and a fingerprint of the selection that they are for.
std::string WriteLetterToken(const LetterCursors& cursors,
                             const v1::DeadLetterSelection& selection);

// kInvalidArgument, in a sentence, where the token is none of
// WriteLetterToken's or came with another selection.
absl::StatusOr<LetterCursors> ReadLetterToken(
    absl::string_view token, const v1::DeadLetterSelection& selection);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_DEAD_LETTER_TOKEN_H_
