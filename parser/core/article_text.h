#ifndef DATELINE_PARSER_CORE_ARTICLE_TEXT_H_
#define DATELINE_PARSER_CORE_ARTICLE_TEXT_H_

#include <string>

#include "dateline/v1/article.pb.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace dateline {

// The text of one block: a table's cells joined by tabs and its rows by line
// feeds, an embed's text; none of an image, whose caption is no running text.
std::string BlockText(const v1::Block& block);

// The plain text of a body: the texts of its blocks, empty ones left out,
// joined by a blank line.
std::string BodyText(const google::protobuf::RepeatedPtrField<v1::Block>& body);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_ARTICLE_TEXT_H_
