// Any bytes as a line of dateline-extract's input.
#include <cstddef>
#include <cstdint>
#include <string>

#include "nlohmann/json.hpp"
#include "parser/core/extract_line.h"
#include "tests/fuzz/properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view line = dateline::TextOf(data, size);
  const std::string answer = dateline::ExtractLine(line, true);
  dateline::RequireUtf8(answer);
  dateline::Require(answer.find('\n') == std::string::npos);
  dateline::Require(nlohmann::json::parse(answer, nullptr, false).is_object());
  return 0;
}
