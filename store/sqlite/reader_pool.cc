#include "store/sqlite/reader_pool.h"

#include <utility>

namespace dateline::store {

absl::StatusOr<std::unique_ptr<ReaderPool>> ReaderPool::Open(
    const std::string& path, int connections) {
  std::unique_ptr<ReaderPool> pool(new ReaderPool());
  for (int i = 0; i < connections; ++i) {
    absl::StatusOr<std::unique_ptr<Connection>> connection =
        Connection::Open(path, Connection::Mode::kReadOnly);
    if (!connection.ok()) return connection.status();
    pool->GiveBack(*std::move(connection));
  }
  return pool;
}

ReaderPool::Loan::Loan(ReaderPool& pool, std::unique_ptr<Connection> connection)
    : pool_(&pool), connection_(std::move(connection)) {}

ReaderPool::Loan::~Loan() {
  if (connection_ == nullptr) return;
  transaction_.reset();
  pool_->GiveBack(std::move(connection_));
}

absl::Status ReaderPool::Loan::Begin() {
  transaction_ = std::make_unique<Transaction>(*connection_);
  return transaction_->Begin(Transaction::Kind::kRead);
}

ReaderPool::Loan ReaderPool::Borrow() {
  std::unique_ptr<Connection> connection;
  {
    const auto any = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return !free_.empty();
    };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&any));
    connection = std::move(free_.back());
    free_.pop_back();
  }
  return Loan(*this, std::move(connection));
}

void ReaderPool::GiveBack(std::unique_ptr<Connection> connection) {
  absl::MutexLock lock(&mutex_);
  free_.push_back(std::move(connection));
}

}  // namespace dateline::store
