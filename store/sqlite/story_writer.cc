#include "store/sqlite/story_writer.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <utility>

#include "store/core/near_duplicate.h"

namespace dateline::store {
namespace {

static_assert(kBands == 8, "the statement below has as many parameters");
constexpr char kSharingABand[] =
    "SELECT DISTINCT signature FROM bands "
    "WHERE band IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

struct Signature {
  int64_t story = 0;
  int64_t articles = 0;
  std::string value = {};
};

absl::Status Run(Connection& connection, const char* sql,
                 std::initializer_list<int64_t> parameters) {
  absl::StatusOr<Statement> statement = connection.Prepare(sql);
  if (!statement.ok()) return statement.status();
  int parameter = 0;
  for (const int64_t value : parameters) statement->Bind(++parameter, value);
  return statement->Run();
}

absl::StatusOr<Signature> ReadSignature(Connection& connection, int64_t id) {
  absl::StatusOr<Statement> select = connection.Prepare(
      "SELECT story, articles, value FROM signatures WHERE id = ?1");
  if (!select.ok()) return select.status();
  const absl::StatusOr<bool> row = select->Bind(1, id).Step();
  if (!row.ok()) return row.status();
  if (!*row) return absl::DataLossError("a signature is missing");
  return Signature{select->Int(0), select->Int(1),
                   std::string(select->Bytes(2))};
}

absl::Status SetStory(Connection& connection, int64_t signature,
                      int64_t story) {
  return Run(connection, "UPDATE signatures SET story = ?2 WHERE id = ?1",
             {signature, story});
}

struct Member {
  int64_t id = 0;
  std::string value = {};
};

absl::StatusOr<std::vector<Member>> ReadMembers(Connection& connection,
                                                int64_t story) {
  absl::StatusOr<Statement> select = connection.Prepare(
      "SELECT id, value FROM signatures WHERE story = ?1 ORDER BY id");
  if (!select.ok()) return select.status();
  select->Bind(1, story);
  std::vector<Member> members;
  absl::StatusOr<bool> row = false;
  while ((row = select->Step()).ok() && *row) {
    members.push_back({select->Int(0), std::string(select->Bytes(1))});
  }
  if (!row.ok()) return row.status();
  return members;
}

}  // namespace

absl::StatusOr<int64_t> StoryWriter::Join(absl::string_view signature) {
  const std::vector<int64_t> bands = BandsOf(signature);
  if (bands.empty()) return 0;
  const absl::StatusOr<std::vector<int64_t>> candidates = SharingABand(bands);
  if (!candidates.ok()) return candidates.status();
  std::vector<int64_t> stories;
  for (const int64_t candidate : *candidates) {
    const absl::StatusOr<Signature> other =
        ReadSignature(connection_, candidate);
    if (!other.ok()) return other.status();
    if (other->value == signature) {
      const absl::Status status = AddArticles(candidate, 1);
      if (!status.ok()) return status;
      return candidate;
    }
    if (std::find(stories.begin(), stories.end(), other->story) ==
            stories.end() &&
        AreNearDuplicates(signature, other->value)) {
      stories.push_back(other->story);
    }
  }
  const absl::StatusOr<int64_t> id = Insert(signature);
  if (!id.ok()) return id.status();
  absl::Status status = InsertBands(*id, bands);
  // Numbers grow: the least one is never the new signature's.
  std::sort(stories.begin(), stories.end());
  for (size_t i = 1; status.ok() && i < stories.size(); ++i) {
    status = Merge(stories[i], stories[0]);
  }
  if (status.ok() && !stories.empty())
    status = SetStory(connection_, *id, stories[0]);
  if (!status.ok()) return status;
  return *id;
}

absl::StatusOr<int64_t> StoryWriter::Insert(absl::string_view signature) {
  absl::StatusOr<Statement> insert = connection_.Prepare(
      "INSERT INTO signatures(id, story, articles, value) "
      "SELECT next, next, 1, ?1 FROM "
      "(SELECT coalesce(max(id), 0) + 1 AS next FROM signatures) "
      "RETURNING id");
  if (!insert.ok()) return insert.status();
  const absl::StatusOr<bool> row = insert->BindBlob(1, signature).Step();
  if (!row.ok()) return row.status();
  return insert->Int(0);
}

absl::StatusOr<std::vector<int64_t>> StoryWriter::SharingABand(
    const std::vector<int64_t>& bands) {
  absl::StatusOr<Statement> select = connection_.Prepare(kSharingABand);
  if (!select.ok()) return select.status();
  int parameter = 0;
  for (const int64_t band : bands) select->Bind(++parameter, band);
  std::vector<int64_t> signatures;
  absl::StatusOr<bool> row = false;
  while ((row = select->Step()).ok() && *row) {
    signatures.push_back(select->Int(0));
  }
  if (!row.ok()) return row.status();
  return signatures;
}

absl::Status StoryWriter::InsertBands(int64_t signature,
                                      const std::vector<int64_t>& bands) {
  for (const int64_t band : bands) {
    absl::Status status =
        Run(connection_, "INSERT INTO bands(band, signature) VALUES (?1, ?2)",
            {band, signature});
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status StoryWriter::AddArticles(int64_t signature, int64_t count) {
  return Run(connection_,
             "UPDATE signatures SET articles = articles + ?2 WHERE id = ?1",
             {signature, count});
}

// Their rows in `stories` go: Grow and Refresh count them anew.
absl::Status StoryWriter::Merge(int64_t from_story, int64_t to_story) {
  absl::Status status =
      Run(connection_, "DELETE FROM stories WHERE id IN (?1, ?2)",
          {from_story, to_story});
  if (!status.ok()) return status;
  return Run(connection_, "UPDATE signatures SET story = ?2 WHERE story = ?1",
             {from_story, to_story});
}

absl::Status StoryWriter::Leave(int64_t signature) {
  if (signature == 0) return absl::OkStatus();
  const absl::StatusOr<Signature> left = ReadSignature(connection_, signature);
  if (!left.ok()) return left.status();
  if (left->articles <= 1) return Remove(signature, left->story, left->value);
  absl::Status status = AddArticles(signature, -1);
  return status.ok() ? RefreshStory(left->story) : status;
}

absl::Status StoryWriter::Remove(int64_t signature, int64_t story,
                                 const std::string& value) {
  for (const int64_t band : BandsOf(value)) {
    absl::Status status =
        Run(connection_, "DELETE FROM bands WHERE band = ?1 AND signature = ?2",
            {band, signature});
    if (!status.ok()) return status;
  }
  absl::Status status =
      Run(connection_, "DELETE FROM signatures WHERE id = ?1", {signature});
  return status.ok() ? Split(story) : status;
}

// What was one story may be several without the member that has gone. Each is
// found by walking from its least member to all that a chain leads to.
absl::Status StoryWriter::Split(int64_t story) {
  absl::StatusOr<std::vector<Member>> left = ReadMembers(connection_, story);
  if (!left.ok()) return left.status();
  absl::Status status =
      Run(connection_, "DELETE FROM stories WHERE id = ?1", {story});
  std::vector<int64_t> stories;
  while (status.ok() && !left->empty()) {
    std::vector<Member> reached;
    reached.push_back(std::move(left->front()));
    left->erase(left->begin());
    for (size_t i = 0; i < reached.size(); ++i) {
      const std::string value = reached[i].value;
      const auto apart = std::stable_partition(
          left->begin(), left->end(), [&value](const Member& member) {
            return !AreNearDuplicates(value, member.value);
          });
      std::move(apart, left->end(), std::back_inserter(reached));
      left->erase(apart, left->end());
    }
    stories.push_back(reached.front().id);
    for (const Member& member : reached) {
      if (!status.ok()) break;
      status = SetStory(connection_, member.id, stories.back());
    }
  }
  // Only now: the first one may have the number that all had.
  for (const int64_t divided : stories) {
    if (status.ok()) status = RefreshStory(divided);
  }
  return status;
}

absl::Status StoryWriter::Grow(int64_t signature, absl::string_view uid,
                               int64_t publish_us) {
  if (signature == 0) return absl::OkStatus();
  const absl::StatusOr<bool> alone = IsAlone(signature);
  if (!alone.ok()) return alone.status();
  if (*alone) return absl::OkStatus();
  absl::StatusOr<Statement> update = connection_.Prepare(
      "UPDATE stories SET article_count = article_count + 1, "
      "uid = min(uid, ?2), last_publish_us = max(last_publish_us, ?3) "
      "WHERE id = (SELECT story FROM signatures WHERE id = ?1) RETURNING 1");
  if (!update.ok()) return update.status();
  const absl::StatusOr<bool> row =
      update->Bind(1, signature).BindText(2, uid).Bind(3, publish_us).Step();
  if (!row.ok()) return row.status();
  return *row ? absl::OkStatus() : Refresh(signature);
}

absl::Status StoryWriter::Refresh(int64_t signature) {
  if (signature == 0) return absl::OkStatus();
  const absl::StatusOr<Signature> of = ReadSignature(connection_, signature);
  return of.ok() ? RefreshStory(of->story) : of.status();
}

// As most articles are.
absl::StatusOr<bool> StoryWriter::IsAlone(int64_t signature) {
  absl::StatusOr<Statement> select = connection_.Prepare(
      "SELECT articles = 1 AND story = id AND NOT EXISTS (SELECT 1 "
      "FROM signatures AS other WHERE other.story = ?1 AND other.id <> ?1) "
      "FROM signatures WHERE id = ?1");
  if (!select.ok()) return select.status();
  const absl::StatusOr<bool> row = select->Bind(1, signature).Step();
  if (!row.ok()) return row.status();
  return select->Int(0) == 1;
}

absl::Status StoryWriter::RefreshStory(int64_t story) {
  absl::Status status = Run(connection_, R"sql(
      INSERT OR REPLACE INTO stories(id, uid, article_count, last_publish_us)
      SELECT ?1, min(uid), count(*), max(publish_us)
        FROM signatures JOIN articles ON articles.signature = signatures.id
        WHERE story = ?1 HAVING count(*) >= 2)sql",
                            {story});
  if (!status.ok()) return status;
  return Run(connection_,
             "DELETE FROM stories WHERE id = ?1 AND NOT EXISTS "
             "(SELECT 1 FROM signatures JOIN articles "
             "ON articles.signature = signatures.id WHERE story = ?1 "
             "LIMIT 1 OFFSET 1)",
             {story});
}

}  // namespace dateline::store
