#include "store/sqlite/open_database.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "store/sqlite/schema.h"

namespace dateline::store {
namespace {

absl::Status CheckPages(Connection& connection) {
  absl::StatusOr<Statement> check = connection.Prepare("PRAGMA quick_check(1)");
  if (!check.ok()) return check.status();
  const absl::StatusOr<bool> row = check->Step();
  if (!row.ok()) return row.status();
  if (*row && check->Bytes(0) == "ok") return absl::OkStatus();
  return absl::DataLossError(*row ? check->Bytes(0) : "no answer");
}

enum class Check { kPages, kNothing };

absl::StatusOr<std::unique_ptr<Connection>> OpenAndMigrate(
    const std::string& path, Check check) {
  absl::StatusOr<std::unique_ptr<Connection>> connection =
      Connection::Open(path, Connection::Mode::kReadWrite);
  if (!connection.ok()) return connection.status();
  absl::Status status;
  if (check == Check::kPages) status = CheckPages(**connection);
  if (status.ok()) status = Migrate(**connection);
  if (!status.ok()) {
    return absl::Status(
        status.code(), absl::StrCat("database ", path, ": ", status.message()));
  }
  return connection;
}

absl::Status SetAside(const std::string& path, const std::string& aside) {
  // The write-ahead log goes along: it belongs to this file only.
  for (const char* suffix : {"-wal", "-shm", ""}) {
    const std::filesystem::path from = path + suffix;
    std::error_code error;
    if (!std::filesystem::exists(from, error)) continue;
    std::filesystem::rename(from, aside + suffix, error);
    if (error) {
      return absl::FailedPreconditionError(
          absl::StrCat("database ", path,
                       ": is damaged and can't be renamed: ", error.message()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> OpenDatabase(
    const std::string& path, absl::Time now) {
  absl::StatusOr<std::unique_ptr<Connection>> connection =
      OpenAndMigrate(path, Check::kPages);
  if (!absl::IsDataLoss(connection.status())) return connection;
  const std::string aside = absl::StrCat(
      path, ".corrupt-",
      absl::FormatTime("%Y%m%dT%H%M%SZ", now, absl::UTCTimeZone()));
  if (absl::Status status = SetAside(path, aside); !status.ok()) return status;
  LogWarning("damaged database set aside, building it anew from the topic",
             {{"database", path},
              {"set_aside", aside},
              {"reason", connection.status().message()}});
  return OpenAndMigrate(path, Check::kPages);
}

absl::StatusOr<std::unique_ptr<Connection>> OpenKnownDatabase(
    const std::string& path) {
  return OpenAndMigrate(path, Check::kNothing);
}

absl::Status Checkpoint(Connection& connection) {
  absl::StatusOr<Statement> checkpoint =
      connection.Prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!checkpoint.ok()) return checkpoint.status();
  const absl::StatusOr<bool> row = checkpoint->Step();
  if (!row.ok()) return row.status();
  const bool blocked = *row && checkpoint->Int(0) != 0;
  return blocked ? absl::FailedPreconditionError(
                       "its write-ahead log can't be taken into the file while "
                       "another process reads it")
                 : absl::OkStatus();
}

}  // namespace dateline::store
