#ifndef DATELINE_STORE_SQLITE_SCHEMA_H_
#define DATELINE_STORE_SQLITE_SCHEMA_H_

#include "absl/status/status.h"
#include "store/sqlite/connection.h"

namespace dateline::store {

// `PRAGMA application_id` of Dateline's databases: "DTLN".
inline constexpr int64_t kApplicationId = 0x44544c4e;

// Brings a database to this version's schema by the steps it lacks
// (`user_version` counts them), in one transaction. kFailedPrecondition where
// the database belongs to something else, or was made by a later version.
absl::Status Migrate(Connection& connection);

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_SCHEMA_H_
