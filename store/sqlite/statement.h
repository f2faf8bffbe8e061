#ifndef DATELINE_STORE_SQLITE_STATEMENT_H_
#define DATELINE_STORE_SQLITE_STATEMENT_H_

#include <sqlite3.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dateline::store {

// SQLite's error as a status: kUnavailable (busy, locked), kResourceExhausted
// (disk full, or a write refused), kDataLoss (damaged or no database),
// kPermissionDenied (read-only), kFailedPrecondition (can't open), kCancelled
// (interrupted), else kInternal.
absl::Status SqliteStatus(absl::string_view what, int code,
                          absl::string_view message);

class Connection;

// One run of a prepared statement, borrowed from its Connection, which must
// outlive it. Bind, then Step until it gives false.
class Statement {
 public:
  // `lender`, where there is one, is given the statement back at the end.
  explicit Statement(sqlite3_stmt* statement, Connection* lender = nullptr)
      : statement_(statement), lender_(lender) {}
  Statement(Statement&& other) noexcept
      : statement_(other.statement_),
        lender_(other.lender_),
        bind_error_(other.bind_error_) {
    other.statement_ = nullptr;
  }
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Parameters count from 1. Text and blobs are borrowed until the end of this
  // object. An error comes out of the next Step.
  Statement& Bind(int parameter, int64_t value);
  Statement& Bind(int parameter, double value);
  Statement& BindText(int parameter, absl::string_view value);
  Statement& BindBlob(int parameter, absl::string_view value);

  // True: there is a row to read. False: that was the last.
  absl::StatusOr<bool> Step();
  // For statements without rows.
  absl::Status Run();

  // For a further run; bindings stay.
  void Reset();

  // Columns count from 0. Views last until the next Step.
  bool IsNull(int column) const;
  int64_t Int(int column) const;
  double Double(int column) const;
  absl::string_view Bytes(int column) const;  // text or blob

 private:
  sqlite3_stmt* statement_;
  Connection* lender_;
  int bind_error_ = SQLITE_OK;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_STATEMENT_H_
