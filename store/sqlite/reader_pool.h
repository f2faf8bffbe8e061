#ifndef DATELINE_STORE_SQLITE_READER_POOL_H_
#define DATELINE_STORE_SQLITE_READER_POOL_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "store/sqlite/connection.h"

namespace dateline::store {

// Read-only connections to one database, each used by one thread at a time.
// Thread-safe.
class ReaderPool {
 public:
  // The database must be there, open for writing and in WAL mode.
  static absl::StatusOr<std::unique_ptr<ReaderPool>> Open(
      const std::string& path, int connections);

  // A connection on loan; goes back at its end. The pool must outlive it.
  class Loan {
   public:
    Loan(ReaderPool& pool, std::unique_ptr<Connection> connection);
    Loan(Loan&&) = default;
    Loan& operator=(Loan&&) = delete;
    ~Loan();

    // A read transaction until the end of the loan. One statement alone is one
    // of itself.
    absl::Status Begin();
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    ReaderPool* pool_;
    std::unique_ptr<Connection> connection_;
    std::unique_ptr<Transaction> transaction_;
  };

  // Waits for a connection.
  Loan Borrow() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  ReaderPool() = default;
  void GiveBack(std::unique_ptr<Connection> connection)
      ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> free_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_READER_POOL_H_
