#ifndef DATELINE_STORE_SQLITE_CONNECTION_H_
#define DATELINE_STORE_SQLITE_CONNECTION_H_

#include <sqlite3.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "store/core/interrupt.h"
#include "store/sqlite/statement.h"

namespace dateline::store {

// One SQLite connection and its prepared statements. One thread at a time uses
// a connection.
class Connection {
 public:
  enum class Mode { kReadOnly, kReadWrite };

  // kReadWrite makes the file where there is none, and puts it in WAL mode.
  // kPermissionDenied or kFailedPrecondition, naming the path, where that can't
  // be; kDataLoss where the file is no database.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(
      const std::string& path, Mode mode);
  ~Connection();

  // Runs statements without rows or parameters, separated by semicolons.
  absl::Status Execute(const std::string& sql);
  // Runs a statement and returns the first column of its first row; 0 where
  // there is none.
  absl::StatusOr<int64_t> QueryInt(const std::string& sql);
  // While this is there, statements of the connection are asked to end when
  // `interrupt` says so; they then end with kCancelled. Null: never.
  class Interruptible {
   public:
    // Both must outlive this.
    Interruptible(Connection& connection, const Interrupt& interrupt);
    ~Interruptible();
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;

    // `status`, or why it is that of a statement which was ended.
    absl::Status Explain(absl::Status status) const;

   private:
    Connection& connection_;
    const Interrupt& interrupt_;
  };

  // Prepares a statement, or takes it from those prepared before. It must not
  // be in use twice at a time.
  absl::StatusOr<Statement> Prepare(absl::string_view sql);
  // The same for texts of which there are many: only those used last are kept.
  absl::StatusOr<Statement> PrepareOneOfMany(absl::string_view sql);
  // Of PrepareOneOfMany, for ~Statement.
  void TakeBack(sqlite3_stmt* statement);

 private:
  explicit Connection(sqlite3* database) : database_(database) {}
  absl::Status Error(absl::string_view what) const;
  absl::StatusOr<sqlite3_stmt*> Compile(absl::string_view sql,
                                        unsigned int flags);

  sqlite3* database_;
  absl::flat_hash_map<std::string, sqlite3_stmt*> statements_;
  // Of PrepareOneOfMany, not in use; the one used last is at the end.
  std::vector<sqlite3_stmt*> spare_;
};

// Rolls back at its end unless it was committed.
class Transaction {
 public:
  // kWrite takes the write lock at once; kRead sees one state throughout.
  enum class Kind { kRead, kWrite };

  explicit Transaction(Connection& connection) : connection_(connection) {}
  ~Transaction();

  absl::Status Begin(Kind kind);
  absl::Status Commit();

 private:
  absl::Status Run(absl::string_view sql);

  Connection& connection_;
  bool open_ = false;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_CONNECTION_H_
