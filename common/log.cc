#include "common/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "absl/strings/escaping.h"

namespace dateline {
namespace {

spdlog::logger& Logger() {
  static spdlog::logger* const logger = [] {
    auto* created = new spdlog::logger(
        "dateline", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    created->set_pattern("time=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v",
                         spdlog::pattern_time_type::utc);
    return created;
  }();
  return *logger;
}

bool NeedsQuotes(absl::string_view value) {
  if (value.empty()) return true;
  for (const char c : value) {
    if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f) return true;
  }
  return false;
}

void Write(spdlog::level::level_enum level, absl::string_view message,
           std::initializer_list<LogField> fields) {
  if (!Logger().should_log(level)) return;
  std::string line = absl::StrCat("msg=\"", message, "\"");
  for (const LogField& field : fields) {
    absl::StrAppend(&line, " ", field.name, "=");
    if (NeedsQuotes(field.value)) {
      absl::StrAppend(&line, "\"", absl::Utf8SafeCEscape(field.value), "\"");
    } else {
      absl::StrAppend(&line, field.value);
    }
  }
  Logger().log(level, "{}", line);
}

}  // namespace

void LogDebug(absl::string_view message,
              std::initializer_list<LogField> fields) {
  Write(spdlog::level::debug, message, fields);
}

void LogInfo(absl::string_view message,
             std::initializer_list<LogField> fields) {
  Write(spdlog::level::info, message, fields);
}

void LogWarning(absl::string_view message,
                std::initializer_list<LogField> fields) {
  Write(spdlog::level::warn, message, fields);
}

void LogError(absl::string_view message,
              std::initializer_list<LogField> fields) {
  Write(spdlog::level::err, message, fields);
}

bool SetLogLevel(absl::string_view level) {
  if (level == "debug") {
    Logger().set_level(spdlog::level::debug);
  } else if (level == "info") {
    Logger().set_level(spdlog::level::info);
  } else if (level == "warning") {
    Logger().set_level(spdlog::level::warn);
  } else if (level == "error") {
    Logger().set_level(spdlog::level::err);
  } else {
    return false;
  }
  return true;
}

}  // namespace dateline
