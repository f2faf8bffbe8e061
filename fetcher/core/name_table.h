#ifndef DATELINE_FETCHER_CORE_NAME_TABLE_H_
#define DATELINE_FETCHER_CORE_NAME_TABLE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dateline::fetcher {

// Names whose addresses are given instead of looked up.
class NameTable {
 public:
  // A comma-separated list of NAME=ADDRESS, where NAME may be "*.example" for
  // all names below it: "*.test=127.0.0.1,a.example=192.0.2.1". The first that
  // fits holds. kInvalidArgument naming the part that is none.
  static absl::StatusOr<NameTable> Parse(absl::string_view list);

  // `host` in lower case.
  std::optional<std::string> AddressOf(absl::string_view host) const;

 private:
  struct Entry {
    std::string name;  // ".example" for all below it
    std::string address;
  };
  std::vector<Entry> entries_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_NAME_TABLE_H_
