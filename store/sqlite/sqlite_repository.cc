#include "store/sqlite/sqlite_repository.h"

#include <map>
#include <utility>

#include "store/core/read_mask.h"
#include "store/sqlite/article_queries.h"
#include "store/sqlite/open_database.h"

namespace dateline::store {
namespace {

bool IsApplied(const std::map<kafka::TopicPartition, int64_t>& applied,
               const ArticleChange& change) {
  const auto found = applied.find(change.partition);
  return found != applied.end() && change.offset < found->second;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteRepository>> SqliteRepository::Open(
    const SqliteOptions& options, absl::Time now) {
  absl::StatusOr<std::unique_ptr<Connection>> connection =
      OpenDatabase(options.path, now);
  if (!connection.ok()) return connection.status();
  absl::StatusOr<std::unique_ptr<ReaderPool>> readers =
      ReaderPool::Open(options.path, options.readers);
  if (!readers.ok()) return readers.status();
  return std::unique_ptr<SqliteRepository>(
      new SqliteRepository(*std::move(connection), *std::move(readers)));
}

SqliteRepository::SqliteRepository(std::unique_ptr<Connection> connection,
                                   std::unique_ptr<ReaderPool> readers)
    : connection_(std::move(connection)),
      writer_(*connection_),
      readers_(std::move(readers)) {}

absl::StatusOr<ApplyCounts> SqliteRepository::Apply(const ArticleBatch& batch) {
  Transaction transaction(*connection_);
  absl::Status status = transaction.Begin(Transaction::Kind::kWrite);
  if (!status.ok()) return status;
  const absl::StatusOr<std::vector<kafka::Position>> positions =
      ReadPositions(*connection_);
  if (!positions.ok()) return positions.status();
  std::map<kafka::TopicPartition, int64_t> applied;
  for (const kafka::Position& position : *positions) {
    applied[position.partition] = position.offset;
  }
  ApplyCounts counts;
  for (const ArticleChange& change : batch.changes) {
    if (IsApplied(applied, change)) continue;
    const absl::StatusOr<ChangeResult> result = writer_.Write(change);
    if (!result.ok()) return result.status();
    counts.Add(*result);
  }
  for (const kafka::Position& position : batch.positions) {
    status = writer_.WritePosition(position);
    if (!status.ok()) return status;
  }
  status = transaction.Commit();
  if (!status.ok()) return status;
  return counts;
}

absl::StatusOr<std::vector<kafka::Position>> SqliteRepository::Positions()
    const {
  absl::StatusOr<ReaderPool::Loan> reader = readers_->Borrow();
  if (!reader.ok()) return reader.status();
  return ReadPositions(**reader);
}

absl::StatusOr<int64_t> SqliteRepository::DeleteOldest(int64_t, int) {
  return absl::UnimplementedError("DeleteOldest");
}

absl::StatusOr<StoredArticle> SqliteRepository::Get(
    absl::string_view uid, const google::protobuf::FieldMask& read_mask) const {
  absl::StatusOr<ReaderPool::Loan> reader = readers_->Borrow();
  if (!reader.ok()) return reader.status();
  absl::StatusOr<StoredArticle> stored = GetArticle(**reader, uid);
  if (stored.ok()) ApplyReadMask(read_mask, stored->article);
  return stored;
}

absl::StatusOr<std::vector<v1::Article>> SqliteRepository::BatchGet(
    const std::vector<std::string>& uids,
    const google::protobuf::FieldMask& read_mask) const {
  std::vector<v1::Article> articles;
  for (const std::string& uid : uids) {
    absl::StatusOr<StoredArticle> stored = Get(uid, read_mask);
    if (absl::IsNotFound(stored.status())) continue;
    if (!stored.ok()) return stored.status();
    stored->article.set_uid(uid);
    articles.push_back(std::move(stored->article));
  }
  return articles;
}

absl::StatusOr<ArticlePage> SqliteRepository::List(
    const ListQuery& query) const {
  absl::StatusOr<ReaderPool::Loan> reader = readers_->Borrow();
  if (!reader.ok()) return reader.status();
  return ListArticles(**reader, query);
}

absl::StatusOr<FoundPage> SqliteRepository::Search(
    const SearchQuery& query) const {
  absl::StatusOr<ReaderPool::Loan> reader = readers_->Borrow();
  if (!reader.ok()) return reader.status();
  return SearchArticles(**reader, query);
}

absl::StatusOr<v1::AggregateArticlesResponse> SqliteRepository::Aggregate(
    const AggregateQuery&) const {
  return absl::UnimplementedError("Aggregate");
}

absl::StatusOr<RevisionPage> SqliteRepository::ListRevisions(
    const RevisionQuery&) const {
  return absl::UnimplementedError("ListRevisions");
}

absl::StatusOr<StoryPage> SqliteRepository::ListStories(
    const StoryQuery&) const {
  return absl::UnimplementedError("ListStories");
}

absl::StatusOr<v1::Story> SqliteRepository::GetStory(absl::string_view) const {
  return absl::UnimplementedError("GetStory");
}

absl::StatusOr<std::unique_ptr<ArticleScan>> SqliteRepository::Scan(
    const ScanQuery&) const {
  return absl::UnimplementedError("Scan");
}

absl::StatusOr<Usage> SqliteRepository::MeasureUsage() const {
  return absl::UnimplementedError("MeasureUsage");
}

absl::StatusOr<int64_t> SqliteRepository::Count() const {
  absl::StatusOr<ReaderPool::Loan> reader = readers_->Borrow();
  if (!reader.ok()) return reader.status();
  return (**reader).QueryInt("SELECT count(*) FROM articles");
}

}  // namespace dateline::store
