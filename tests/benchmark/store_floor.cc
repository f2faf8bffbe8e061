// What SQLite alone costs: the rows of generated articles inserted, and the
// store's queries made on its file, by bare calls of SQLite.
//
//   dateline-store-floor insert FILE COUNT SEED
//   dateline-store-floor query FILE KIND <parameters
//   dateline-store-floor words KIND COUNT
//
// insert makes the store's own schema (all tables and indices, the full-text
// index with its tokenizer and triggers, write-ahead log) and inserts every row
// that the store would, 2,000 articles a transaction, in the order they come:
// article, serialized message, text, authors, keywords, MinHash and its bands,
// position. It reads nothing, decides nothing, parses nothing: articles are
// made and cut into columns off the clock. Prints articles, seconds, and
// seconds of the processor.
//
// query makes a query for each line of parameters, reads all it gives, and
// prints the milliseconds of each. KIND: get (UID), list, list_filter
// (PUBLISHER), search (FTS5 expression), aggregate. A search is made as SQLite
// is quickest at it: best rows first, then their snippets.
//
// words prints what to search for (MakeQuery), a line each.

#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "store/core/article_change.h"
#include "store/core/indexed_text.h"
#include "store/core/near_duplicate.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/tokenizer.h"
#include "tests/benchmark/store_articles.h"

namespace {

namespace v1 = dateline::v1;
using dateline::store::BandsOf;
using dateline::store::ToMicros;
using Clock = std::chrono::steady_clock;

constexpr int64_t kTransaction = 2'000;
constexpr int kPage = 20;

[[noreturn]] void Die(const std::string& message) {
  std::cerr << "dateline-store-floor: " << message << "\n";
  std::exit(1);
}

double Seconds(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

class Database {
 public:
  explicit Database(const std::string& path, int flags) {
    if (sqlite3_open_v2(path.c_str(), &database_, flags, nullptr) !=
            SQLITE_OK ||
        !dateline::store::RegisterTokenizer(database_).ok()) {
      Die("can't open " + path);
    }
  }
  ~Database() { sqlite3_close_v2(database_); }

  void Execute(const char* sql) {
    if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
      Die(std::string(sql) + ": " + sqlite3_errmsg(database_));
    }
  }
  sqlite3* get() { return database_; }

 private:
  sqlite3* database_ = nullptr;
};

class Query {
 public:
  Query(Database& database, const char* sql) {
    if (sqlite3_prepare_v3(database.get(), sql, -1, SQLITE_PREPARE_PERSISTENT,
                           &statement_, nullptr) != SQLITE_OK) {
      Die(std::string(sql) + ": " + sqlite3_errmsg(database.get()));
    }
  }
  ~Query() { sqlite3_finalize(statement_); }

  Query& Text(int parameter, const std::string& value) {
    sqlite3_bind_text(statement_, parameter, value.data(),
                      static_cast<int>(value.size()), SQLITE_STATIC);
    return *this;
  }
  Query& Blob(int parameter, const std::string& value) {
    sqlite3_bind_blob(statement_, parameter, value.data(),
                      static_cast<int>(value.size()), SQLITE_STATIC);
    return *this;
  }
  Query& Int(int parameter, int64_t value) {
    sqlite3_bind_int64(statement_, parameter, value);
    return *this;
  }
  bool Step() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
      Die(sqlite3_errmsg(sqlite3_db_handle(statement_)));
    }
    if (code == SQLITE_DONE) sqlite3_reset(statement_);
    return code == SQLITE_ROW;
  }
  int64_t Column(int column) {
    return sqlite3_column_int64(statement_, column);
  }
  // Copies the row, as any caller would.
  void Read() {
    for (int i = 0; i < sqlite3_column_count(statement_); ++i) {
      const auto* bytes =
          static_cast<const char*>(sqlite3_column_blob(statement_, i));
      row_.assign(bytes == nullptr ? "" : bytes,
                  static_cast<size_t>(sqlite3_column_bytes(statement_, i)));
    }
  }
  void Run() { Step(); }
  void ReadAll() {
    while (Step()) Read();
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
  std::string row_;
};

// An article cut into columns.
struct Row {
  v1::Article article;
  std::string bytes;
  std::string body;
  std::string signature;
  std::vector<int64_t> bands;
  std::set<std::string> authors;
  std::set<std::string> keywords;
};

Row MakeRow(uint64_t seed, int64_t number) {
  Row row;
  row.article = dateline::benchmark::MakeArticle(seed, number);
  row.bytes = row.article.SerializeAsString();
  row.body = dateline::store::IndexedText(row.article);
  row.signature = dateline::store::SignatureOf(row.article);
  row.bands = BandsOf(row.signature);
  for (const v1::Author& author : row.article.authors()) {
    row.authors.insert(author.name());
  }
  row.keywords.insert(row.article.keywords().begin(),
                      row.article.keywords().end());
  return row;
}

class Inserter {
 public:
  explicit Inserter(Database& database)
      : article_(database,
                 "INSERT INTO articles VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6, "
                 "1, 1, ?3, ?6, ?7, ?8, ?1, ?9, ?10, ?11, ?12, ?13, ?14)"),
        content_(database, "INSERT INTO contents VALUES (?1, ?2)"),
        text_(database, "INSERT INTO texts VALUES (?1, ?2, ?3)"),
        author_(database, "INSERT INTO article_authors VALUES (?1, ?2)"),
        keyword_(database, "INSERT INTO article_keywords VALUES (?1, ?2)"),
        signature_(database, "INSERT INTO signatures VALUES (?1, ?1, 1, ?2)"),
        band_(database, "INSERT INTO bands VALUES (?1, ?2)"),
        position_(database,
                  "INSERT OR REPLACE INTO positions VALUES ('articles', 0, "
                  "?1)") {}

  void Insert(const Row& row) {
    const v1::Article& article = row.article;
    const int64_t id = ++last_id_;
    article_.Int(1, id)
        .Text(2, article.uid())
        .Int(3, article.version())
        .Int(4, ToMicros(article.parse_time()))
        .Int(5, ToMicros(article.publish_time().time()))
        .Int(6, ToMicros(article.fetch_time()))
        .Int(7, article.access())
        .Int(8, article.article_type())
        .Text(9, article.publisher().name())
        .Text(10, article.publisher().domain())
        .Text(11, article.language().tag())
        .Text(12, article.section())
        .Text(13, article.headline())
        .Blob(14, article.content_sha256())
        .Run();
    content_.Int(1, id).Blob(2, row.bytes).Run();
    text_.Int(1, id).Text(2, article.headline()).Text(3, row.body).Run();
    for (const std::string& name : row.authors)
      author_.Int(1, id).Text(2, name).Run();
    for (const std::string& name : row.keywords)
      keyword_.Int(1, id).Text(2, name).Run();
    signature_.Int(1, id).Blob(2, row.signature).Run();
    for (const int64_t band : row.bands) band_.Int(1, band).Int(2, id).Run();
  }
  void WritePosition() { position_.Int(1, last_id_).Run(); }

 private:
  Query article_;
  Query content_;
  Query text_;
  Query author_;
  Query keyword_;
  Query signature_;
  Query band_;
  Query position_;
  int64_t last_id_ = 0;
};

int Insert(const std::string& path, int64_t count, uint64_t seed) {
  using dateline::store::Connection;
  // The connection stays open for its write-ahead log and its page cache, which
  // are set up as the store's.
  const auto connection = Connection::Open(path, Connection::Mode::kReadWrite);
  if (!connection.ok() || !dateline::store::Migrate(**connection).ok()) {
    Die("can't make " + path);
  }
  Database database(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
  database.Execute(
      "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 8192; "
      "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY");
  Inserter inserter(database);
  double seconds = 0;
  double cpu_seconds = 0;
  for (int64_t done = 0; done < count; done += kTransaction) {
    std::vector<Row> rows;
    for (int64_t i = done; i < std::min(done + kTransaction, count); ++i) {
      rows.push_back(MakeRow(seed, i));
    }
    const Clock::time_point begin = Clock::now();
    const std::clock_t cpu_begin = std::clock();
    database.Execute("BEGIN IMMEDIATE");
    for (const Row& row : rows) inserter.Insert(row);
    inserter.WritePosition();
    database.Execute("COMMIT");
    seconds += Seconds(begin);
    cpu_seconds += static_cast<double>(std::clock() - cpu_begin) /
                   static_cast<double>(CLOCKS_PER_SEC);
  }
  std::printf(
      "{\"articles\": %lld, \"seconds\": %.6f, \"cpu_seconds\": %.6f}\n",
      static_cast<long long>(count), seconds, cpu_seconds);
  return 0;
}

constexpr char kGet[] =
    "SELECT first_seen_us, last_seen_us, seen_count, revision_count, article "
    "FROM articles JOIN contents USING (id) WHERE uid = ?1";
constexpr char kList[] =
    "SELECT publish_us, uid, article FROM articles JOIN contents USING (id) "
    "ORDER BY publish_us DESC, uid DESC LIMIT 20";
constexpr char kListFilter[] =
    "SELECT publish_us, uid, article FROM articles JOIN contents USING (id) "
    "WHERE publisher = ?1 ORDER BY publish_us DESC, uid DESC LIMIT 20";
constexpr char kHits[] =
    "SELECT rowid, bm25(text_index, 5.0, 1.0) AS score FROM text_index "
    "WHERE text_index MATCH ?1 ORDER BY score, rowid LIMIT 20";
constexpr char kHit[] =
    "SELECT article, snippet(text_index, -1, char(0x2068), char(0x2069), "
    "char(0x2026), 32) FROM text_index JOIN contents ON id = text_index.rowid "
    "WHERE text_index MATCH ?1 AND text_index.rowid = ?2";
constexpr char kAggregate[] =
    "SELECT publisher, publish_us / 86400000000, count(*) FROM articles "
    "GROUP BY 1, 2";

class Searcher {
 public:
  explicit Searcher(Database& database)
      : hits_(database, kHits), hit_(database, kHit) {}

  void Run(const std::string& expression) {
    std::vector<int64_t> ids;
    hits_.Text(1, expression);
    while (hits_.Step()) ids.push_back(hits_.Column(0));
    for (const int64_t id : ids) hit_.Text(1, expression).Int(2, id).ReadAll();
  }

 private:
  Query hits_;
  Query hit_;
};

int QueryFile(const std::string& path, const std::string& kind) {
  Database database(path, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX);
  database.Execute(
      "PRAGMA cache_size = -16384; PRAGMA mmap_size = 2147418112; "
      "PRAGMA temp_store = MEMORY");
  Searcher searcher(database);
  Query query(database, kind == "get"           ? kGet
                        : kind == "list"        ? kList
                        : kind == "list_filter" ? kListFilter
                                                : kAggregate);
  for (std::string line; std::getline(std::cin, line);) {
    const Clock::time_point begin = Clock::now();
    if (kind == "search") {
      searcher.Run(line);
    } else {
      query.Text(1, line).ReadAll();
    }
    std::printf("%.6f\n", Seconds(begin) * 1e3);
  }
  return 0;
}

int PrintWords(const std::string& kind, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    std::cout << dateline::benchmark::MakeQuery(kind, i) << "\n";
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const std::string what = arguments.empty() ? "" : arguments[0];
  if (what == "insert" && argc == 5) {
    return Insert(arguments[1], std::atoll(argv[3]),
                  std::strtoull(argv[4], nullptr, 10));
  }
  if (what == "query" && argc == 4)
    return QueryFile(arguments[1], arguments[2]);
  if (what == "words" && argc == 4) {
    return PrintWords(arguments[1], std::atoll(argv[3]));
  }
  std::cerr
      << "usage: dateline-store-floor insert FILE COUNT SEED | query FILE "
         "KIND <parameters | words KIND COUNT\n";
  return 2;
}
