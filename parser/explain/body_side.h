#ifndef DATELINE_PARSER_EXPLAIN_BODY_SIDE_H_
#define DATELINE_PARSER_EXPLAIN_BODY_SIDE_H_

#include <vector>

#include "dateline/v1/article.pb.h"
#include "google/protobuf/repeated_field.h"
#include "parser/explain/html_writer.h"

namespace dateline::explain {

// Writes typed blocks in reading order, pictures and embeds as links. Block N
// of a body is `#bN` and links to `#pM`, where M is `page_blocks[N]`: the first
// block of the page it was made of, or -1 for none. Blocks beyond the vector
// (those of live updates) have neither.
void WriteBody(const google::protobuf::RepeatedPtrField<v1::Block>& body,
               const std::vector<int>& page_blocks, HtmlWriter* out);

}  // namespace dateline::explain

#endif  // DATELINE_PARSER_EXPLAIN_BODY_SIDE_H_
