#ifndef DATELINE_STORE_EXPORT_EXPORT_PROGRESS_H_
#define DATELINE_STORE_EXPORT_EXPORT_PROGRESS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "store/core/progress.h"

namespace dateline::store {

// When to tell how far an export is, and in which words.
class ExportProgress {
 public:
  // On a terminal one line is written over, twice a second; elsewhere there is
  // a line every ten seconds.
  ExportProgress(absl::Time begin, bool terminal);

  // What to print, if anything is due: "1200 of 5000 articles, 24 %, 800
  // articles/s, 4s left".
  std::optional<std::string> Told(absl::Time now, int64_t sent, int64_t total);
  // What to print in the end.
  std::string Done(absl::Time now, int64_t sent, const std::string& target);

 private:
  std::string Line(const std::string& text) const;

  const absl::Time begin_;
  const bool terminal_;
  absl::Time due_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_EXPORT_EXPORT_PROGRESS_H_
