#include "store/sqlite/connection.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "store/sqlite/tokenizer.h"

namespace dateline::store {
namespace {

// Written pages reach the disk with the next checkpoint: what a power cut takes
// away is whole transactions, offsets included, and is read again.
constexpr char kWriterPragmas[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = NORMAL;"
    "PRAGMA wal_autocheckpoint = 8192;"
    "PRAGMA cache_size = -65536;"
    "PRAGMA temp_store = MEMORY;";
// SQLite maps 2 GiB at most; what the file has beyond is read into the cache.
// Mapped pages are the kernel's cache, which it takes back as it needs.
constexpr char kReaderPragmas[] =
    "PRAGMA cache_size = -16384;"
    "PRAGMA mmap_size = 2147418112;"
    "PRAGMA temp_store = MEMORY;";
// Statements that differ in the filter, a few kilobytes each.
constexpr size_t kMostSpare = 32;
constexpr int kBusyTimeoutMs = 1'000;
// Of SQLite's virtual machine; takes far less than a millisecond.
constexpr int kStepsBetweenInterrupts = 10'000;

int IsInterrupted(void* interrupt) {
  return (*static_cast<const Interrupt*>(interrupt))().ok() ? 0 : 1;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(
    const std::string& path, Mode mode) {
  const bool writes = mode == Mode::kReadWrite;
  const int flags =
      SQLITE_OPEN_NOMUTEX | (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                    : SQLITE_OPEN_READONLY);
  const std::string what = absl::StrCat("database ", path);
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
  std::unique_ptr<Connection> connection(new Connection(database));
  if (code != SQLITE_OK) {
    return SqliteStatus(
        what, code,
        database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database));
  }
  if (writes && sqlite3_db_readonly(database, "main") == 1) {
    return absl::PermissionDeniedError(absl::StrCat(what, ": is read-only"));
  }
  sqlite3_busy_timeout(database, kBusyTimeoutMs);
  absl::Status status =
      connection->Execute(writes ? kWriterPragmas : kReaderPragmas);
  if (status.ok()) status = RegisterTokenizer(database);
  if (!status.ok()) {
    return absl::Status(status.code(),
                        absl::StrCat(what, ": ", status.message()));
  }
  return connection;
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  for (sqlite3_stmt* statement : spare_) sqlite3_finalize(statement);
  sqlite3_close_v2(database_);
}

absl::Status Connection::Error(absl::string_view what) const {
  return SqliteStatus(what, sqlite3_extended_errcode(database_),
                      sqlite3_errmsg(database_));
}

absl::Status Connection::Execute(const std::string& sql) {
  const int code =
      sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : Error("database");
}

absl::StatusOr<int64_t> Connection::QueryInt(const std::string& sql) {
  absl::StatusOr<Statement> statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  const absl::StatusOr<bool> row = statement->Step();
  if (!row.ok()) return row.status();
  return *row ? statement->Int(0) : 0;
}

Connection::Interruptible::Interruptible(Connection& connection,
                                         const Interrupt& interrupt)
    : connection_(connection), interrupt_(interrupt) {
  if (!interrupt_) return;
  // SQLite only hands it back.
  sqlite3_progress_handler(connection_.database_, kStepsBetweenInterrupts,
                           &IsInterrupted, const_cast<Interrupt*>(&interrupt_));
}

Connection::Interruptible::~Interruptible() {
  sqlite3_progress_handler(connection_.database_, 0, nullptr, nullptr);
}

absl::Status Connection::Interruptible::Explain(absl::Status status) const {
  if (!absl::IsCancelled(status)) return status;
  absl::Status reason = Interrupted(interrupt_);
  return reason.ok() ? status : reason;
}

absl::StatusOr<sqlite3_stmt*> Connection::Compile(absl::string_view sql,
                                                  unsigned int flags) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()),
                         flags, &statement, nullptr);
  if (code != SQLITE_OK) return Error(absl::StrCat("preparing ", sql));
  return statement;
}

absl::StatusOr<Statement> Connection::Prepare(absl::string_view sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return Statement(found->second);
  const absl::StatusOr<sqlite3_stmt*> statement =
      Compile(sql, SQLITE_PREPARE_PERSISTENT);
  if (!statement.ok()) return statement.status();
  statements_.emplace(sql, *statement);
  return Statement(*statement);
}

absl::StatusOr<Statement> Connection::PrepareOneOfMany(absl::string_view sql) {
  const auto found = std::find_if(
      spare_.begin(), spare_.end(),
      [sql](sqlite3_stmt* spare) { return sqlite3_sql(spare) == sql; });
  if (found != spare_.end()) {
    sqlite3_stmt* const statement = *found;
    spare_.erase(found);
    return Statement(statement, this);
  }
  const absl::StatusOr<sqlite3_stmt*> statement =
      Compile(sql, SQLITE_PREPARE_PERSISTENT);
  if (!statement.ok()) return statement.status();
  return Statement(*statement, this);
}

void Connection::TakeBack(sqlite3_stmt* statement) {
  spare_.push_back(statement);
  if (spare_.size() <= kMostSpare) return;
  sqlite3_finalize(spare_.front());
  spare_.erase(spare_.begin());
}

Transaction::~Transaction() {
  // Where this fails, SQLite has rolled back already.
  if (open_) Run("ROLLBACK").IgnoreError();
}

absl::Status Transaction::Begin(Kind kind) {
  absl::Status status =
      Run(kind == Kind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED");
  open_ = status.ok();
  return status;
}

absl::Status Transaction::Commit() {
  absl::Status status = Run("COMMIT");
  if (status.ok()) open_ = false;
  return status;
}

absl::Status Transaction::Run(absl::string_view sql) {
  absl::StatusOr<Statement> statement = connection_.Prepare(sql);
  return statement.ok() ? statement->Run() : statement.status();
}

}  // namespace dateline::store
