#ifndef DATELINE_PARSER_CORE_NAME_READINGS_H_
#define DATELINE_PARSER_CORE_NAME_READINGS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "parser/core/class_words.h"
#include "parser/core/node.h"

namespace dateline {

// What a name says: of metadata (see ClassWord) and of the body (see Hint).
struct NameReading {
  uint32_t words = 0;
  Hints hints = 0;
  // As a class it hides an element; of a name only, and not in what Of gives.
  bool hides = false;
};

// Reads the names that a page's elements have, each once however often it
// stands there and however many walks over the page ask. Of one document, whose
// strings it borrows, and of one thread. Its notes are in the nodes' `user`.
class NameReadings {
 public:
  NameReadings();

  // Of an element's class and id together; kHintHidden where its class alone
  // hides it.
  NameReading Of(Node* element);
  // Of one name, without its being a class.
  NameReading OfName(absl::string_view name);

 private:
  size_t PlaceOf(absl::string_view name);

  std::vector<NameReading> readings_;
  absl::flat_hash_map<absl::string_view, size_t> places_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_NAME_READINGS_H_
