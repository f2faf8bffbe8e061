#include "store/sqlite/statement.h"

#include "absl/strings/str_cat.h"
#include "store/sqlite/connection.h"

namespace dateline::store {
namespace {

absl::StatusCode ToCode(int code) {
  // A quota or a limit of file size; SQLITE_FULL is ENOSPC only.
  if (code == SQLITE_IOERR_WRITE) return absl::StatusCode::kResourceExhausted;
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::StatusCode::kUnavailable;
    case SQLITE_INTERRUPT:
      return absl::StatusCode::kCancelled;
    case SQLITE_FULL:
      return absl::StatusCode::kResourceExhausted;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::StatusCode::kDataLoss;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return absl::StatusCode::kPermissionDenied;
    case SQLITE_CANTOPEN:
      return absl::StatusCode::kFailedPrecondition;
    default:
      return absl::StatusCode::kInternal;
  }
}

// SQLite takes a null pointer for NULL, and views may have one.
const char* NotNull(absl::string_view value) {
  return value.data() == nullptr ? "" : value.data();
}

}  // namespace

absl::Status SqliteStatus(absl::string_view what, int code,
                          absl::string_view message) {
  return absl::Status(ToCode(code), absl::StrCat(what, ": ", message));
}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  if (lender_ != nullptr) lender_->TakeBack(statement_);
}

Statement& Statement::Bind(int parameter, int64_t value) {
  bind_error_ |= sqlite3_bind_int64(statement_, parameter, value);
  return *this;
}

Statement& Statement::Bind(int parameter, double value) {
  bind_error_ |= sqlite3_bind_double(statement_, parameter, value);
  return *this;
}

Statement& Statement::BindText(int parameter, absl::string_view value) {
  bind_error_ |= sqlite3_bind_text64(statement_, parameter, NotNull(value),
                                     value.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::BindBlob(int parameter, absl::string_view value) {
  bind_error_ |= sqlite3_bind_blob64(statement_, parameter, NotNull(value),
                                     value.size(), SQLITE_STATIC);
  return *this;
}

absl::StatusOr<bool> Statement::Step() {
  if (bind_error_ != SQLITE_OK) {
    return absl::InternalError(
        absl::StrCat("binding to ", sqlite3_sql(statement_)));
  }
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* database = sqlite3_db_handle(statement_);
  return SqliteStatus("database", sqlite3_extended_errcode(database),
                      sqlite3_errmsg(database));
}

absl::Status Statement::Run() { return Step().status(); }

void Statement::Reset() { sqlite3_reset(statement_); }

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

int64_t Statement::Int(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double Statement::Double(int column) const {
  return sqlite3_column_double(statement_, column);
}

absl::string_view Statement::Bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? absl::string_view()
                         : absl::string_view(static_cast<const char*>(data),
                                             static_cast<size_t>(size));
}

}  // namespace dateline::store
