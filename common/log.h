#ifndef DATELINE_COMMON_LOG_H_
#define DATELINE_COMMON_LOG_H_

#include <initializer_list>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dateline {

// One field of a log line. Values are quoted as needed.
struct LogField {
  absl::string_view name;
  std::string value;

  template <typename T>
  LogField(absl::string_view field_name, const T& field_value)
      : name(field_name), value(absl::StrCat(field_value)) {}
};

// Structured logs on standard error, a line each, in logfmt:
//   time=2026-01-02T03:04:05.678Z level=info msg="partition assigned" topic=...
// Thread-safe. `message` is a short constant phrase; what varies goes into
// fields.
void LogDebug(absl::string_view message,
              std::initializer_list<LogField> fields = {});
void LogInfo(absl::string_view message,
             std::initializer_list<LogField> fields = {});
void LogWarning(absl::string_view message,
                std::initializer_list<LogField> fields = {});
void LogError(absl::string_view message,
              std::initializer_list<LogField> fields = {});

// Lowest level that is written: "debug", "info", "warning" or "error". False
// where it is none of these.
bool SetLogLevel(absl::string_view level);

}  // namespace dateline

#endif  // DATELINE_COMMON_LOG_H_
