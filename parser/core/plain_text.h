#ifndef DATELINE_PARSER_CORE_PLAIN_TEXT_H_
#define DATELINE_PARSER_CORE_PLAIN_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"
#include "dateline/v1/explanation.pb.h"

namespace dateline {

// Reads a text/plain page into `article`: paragraphs divided by blank lines
// (or one a line where there are none), lines wrapped by hand joined, headings
// and pulled lines told by their shape, "Title:" and "Subject:" lines as in
// mail, the "Published in …" line, and nothing from the first line on that
// opens other articles. Sets body, and headline, publish_time and publisher
// where the text has them and `article` doesn't. `explanation` may be null.
// False where there is no running text.
bool ReadPlainText(absl::string_view text, v1::Article* article,
                   v1::Explanation* explanation);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_PLAIN_TEXT_H_
