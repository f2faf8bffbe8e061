#ifndef DATELINE_STORE_SQLITE_OPEN_DATABASE_H_
#define DATELINE_STORE_SQLITE_OPEN_DATABASE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "store/sqlite/connection.h"

namespace dateline::store {

// Opens the database at `path` for writing, makes it where there is none, and
// brings its schema up to date. A damaged file, which SQLite's quick check
// finds (it reads the whole file), is set aside as
// PATH.corrupt-YYYYMMDDTHHMMSSZ after `now`, with a line in the log, and an
// empty database takes its place: the articles are read again from the topic.
// Other errors as Connection::Open and Migrate give them, naming the path.
absl::StatusOr<std::unique_ptr<Connection>> OpenDatabase(
    const std::string& path, absl::Time now);

// The same without the check, for a file that this process made or had open a
// moment ago: takes no longer for a large one.
absl::StatusOr<std::unique_ptr<Connection>> OpenKnownDatabase(
    const std::string& path);

// Takes the write-ahead log into the file and empties it. kFailedPrecondition
// where another reader keeps that from coming to its end.
absl::Status Checkpoint(Connection& connection);

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_OPEN_DATABASE_H_
