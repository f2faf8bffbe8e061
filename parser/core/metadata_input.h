#ifndef DATELINE_PARSER_CORE_METADATA_INPUT_H_
#define DATELINE_PARSER_CORE_METADATA_INPUT_H_

#include <string>

#include "dateline/v1/page.pb.h"
#include "parser/core/document.h"
#include "parser/core/json_ld.h"
#include "parser/core/metadata_scan.h"

namespace dateline {

// What the readers of single fields read from. Everything outlives the reading.
struct MetadataInput {
  const Document& document;
  const v1::RawPage& page;
  const PageScan& scan;
  const JsonLdArticle& json_ld;
  // The language markup claims, for reading dates; "" where it doesn't say. Of
  // English the kind that the top-level domain speaks: "en-GB".
  std::string date_language;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_METADATA_INPUT_H_
