#include "store/export/export_progress.h"

#include "absl/strings/str_cat.h"

namespace dateline::store {
namespace {

absl::Duration Every(bool terminal) {
  return terminal ? absl::Milliseconds(500) : absl::Seconds(10);
}

}  // namespace

ExportProgress::ExportProgress(absl::Time begin, bool terminal)
    : begin_(begin), terminal_(terminal), due_(begin + Every(terminal)) {}

std::string ExportProgress::Line(const std::string& text) const {
  return terminal_ ? absl::StrCat("\r\x1b[K", text) : absl::StrCat(text, "\n");
}

std::optional<std::string> ExportProgress::Told(absl::Time now, int64_t sent,
                                                int64_t total) {
  if (now < due_) return std::nullopt;
  due_ = now + Every(terminal_);
  const Progress progress(begin_, total);
  const int64_t left = total - sent;
  const std::optional<absl::Duration> remaining = progress.Remaining(now, left);
  return Line(absl::StrCat(
      sent, " of ", total, " articles, ", progress.Percent(left), " %, ",
      static_cast<int64_t>(progress.Rate(now, left)), " articles/s, ",
      remaining.has_value()
          ? absl::FormatDuration(absl::Trunc(*remaining, absl::Seconds(1)))
          : "?",
      " left"));
}

std::string ExportProgress::Done(absl::Time now, int64_t sent,
                                 const std::string& target) {
  return absl::StrCat(
      Line(absl::StrCat(sent, " articles in ",
                        absl::FormatDuration(
                            absl::Trunc(now - begin_, absl::Milliseconds(100))),
                        " to ", target == "-" ? "standard output" : target)),
      terminal_ ? "\n" : "");
}

}  // namespace dateline::store
