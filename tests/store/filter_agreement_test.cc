// A filter means the same to the parser and evaluator, to SQLite, to the model
// of OpenSearch, and to the random filter that knows its meaning by itself.
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "store/core/filter/checker.h"
#include "store/core/filter/evaluator.h"
#include "store/core/filter/opensearch.h"
#include "store/core/filter/sql.h"
#include "tests/store/filter_index_model.h"
#include "tests/store/filter_random.h"

namespace dateline::store::filter {
namespace {

constexpr int kArticles = 300;
constexpr int kFilters = 4000;

const SqlSchema kSchema = {
    .publisher = "a.publisher",
    .domain = "a.domain",
    .language = "a.language",
    .section = "a.section",
    .headline = "a.headline",
    .access = "a.access",
    .article_type = "a.article_type",
    .publish_time = "a.publish_us",
    .fetch_time = "a.fetch_us",
    .article_key = "a.id",
    .author = {.table = "author", .key = "article", .value = "name"},
    .keyword = {.table = "keyword", .key = "article", .value = "word"}};

SqlSchema SchemaWithLeastTimes() {
  SqlSchema schema = kSchema;
  schema.publish_time = "ifnull(a.publish_us, -9223372036854775807 - 1)";
  schema.fetch_time = "ifnull(a.fetch_us, -9223372036854775807 - 1)";
  schema.no_time_is_least = true;
  return schema;
}

// The least database with that schema, in memory.
class Database {
 public:
  Database() {
    sqlite3* handle = nullptr;
    EXPECT_EQ(sqlite3_open(":memory:", &handle), SQLITE_OK);
    handle_.reset(handle);
    Run("CREATE TABLE article (id INTEGER PRIMARY KEY, publisher TEXT, domain "
        "TEXT, language TEXT, section TEXT, headline TEXT, access INTEGER, "
        "article_type INTEGER, publish_us INTEGER, fetch_us INTEGER)");
    Run("CREATE TABLE author (article INTEGER, name TEXT)");
    Run("CREATE TABLE keyword (article INTEGER, word TEXT)");
    Run("CREATE INDEX by_publisher ON article (publisher)");
    Run("CREATE INDEX by_time ON article (publish_us)");
    Run("CREATE INDEX by_author ON author (article, name)");
    Run("CREATE INDEX by_keyword ON keyword (article, word)");
  }

  void Insert(int64_t id, const v1::Article& article) {
    Run("INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {id, article.publisher().name(), article.publisher().domain(),
         article.language().tag(), article.section(), article.headline(),
         int64_t{article.access()}, int64_t{article.article_type()}, int64_t{0},
         int64_t{0}});
    SetTime(id, "publish_us", article.publish_time().has_time(),
            article.publish_time().time());
    SetTime(id, "fetch_us", article.has_fetch_time(), article.fetch_time());
    for (const auto& author : article.authors()) {
      Run("INSERT INTO author VALUES (?, ?)", {id, author.name()});
    }
    for (const auto& word : article.keywords()) {
      Run("INSERT INTO keyword VALUES (?, ?)", {id, word});
    }
  }

  // The ids of the rows under `where`, ascending.
  std::vector<int64_t> Select(const SqlWhere& where) {
    return Run(absl::StrCat("SELECT a.id FROM article AS a WHERE ", where.text,
                            " ORDER BY a.id"),
               where.parameters);
  }

 private:
  void SetTime(int64_t id, const char* column, bool known,
               const google::protobuf::Timestamp& time) {
    if (!known) {
      Run(absl::StrCat("UPDATE article SET ", column, " = NULL WHERE id = ?"),
          {id});
      return;
    }
    Run(absl::StrCat("UPDATE article SET ", column, " = ? WHERE id = ?"),
        {time.seconds() * 1'000'000 + time.nanos() / 1000, id});
  }

  std::vector<int64_t> Run(const std::string& sql,
                           const std::vector<SqlValue>& values = {}) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(
        sqlite3_prepare_v2(handle_.get(), sql.c_str(), -1, &statement, nullptr),
        SQLITE_OK)
        << sqlite3_errmsg(handle_.get()) << ": " << sql;
    EXPECT_EQ(sqlite3_bind_parameter_count(statement),
              static_cast<int>(values.size()));
    int index = 0;
    for (const SqlValue& value : values) Bind(statement, ++index, value);
    std::vector<int64_t> ids;
    int result = SQLITE_ROW;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
      ids.push_back(sqlite3_column_int64(statement, 0));
    }
    EXPECT_EQ(result, SQLITE_DONE) << sqlite3_errmsg(handle_.get());
    sqlite3_finalize(statement);
    return ids;
  }

  static void Bind(sqlite3_stmt* statement, int index, const SqlValue& value) {
    if (const auto* number = std::get_if<int64_t>(&value)) {
      sqlite3_bind_int64(statement, index, *number);
    } else {
      const auto& text = std::get<std::string>(value);
      sqlite3_bind_text(statement, index, text.data(),
                        static_cast<int>(text.size()), SQLITE_TRANSIENT);
    }
  }

  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

// The ids, from 0, of the articles for which `holds`.
template <typename Items, typename Holds>
std::vector<int64_t> Where(const Items& items, const Holds& holds) {
  std::vector<int64_t> ids;
  for (size_t i = 0; i < items.size(); ++i) {
    if (holds(items[i])) ids.push_back(static_cast<int64_t>(i));
  }
  return ids;
}

TEST(FilterAgreement, EvaluatorSqlAndOpenSearchFindWhatTheFilterMeans) {
  Random random(20260102);
  Database database;
  std::vector<v1::Article> articles;
  std::vector<nlohmann::json> documents;
  for (int i = 0; i < kArticles; ++i) {
    articles.push_back(random.MakeArticle());
    documents.push_back(ToDocument(articles.back()));
    database.Insert(i, articles.back());
  }
  size_t some = 0;
  for (int i = 0; i < kFilters; ++i) {
    const Random::Filter filter = random.MakeFilter(3);
    SCOPED_TRACE(filter.text);
    const absl::StatusOr<Condition> condition = Compile(filter.text);
    ASSERT_TRUE(condition.ok()) << condition.status();
    const std::vector<int64_t> meant = Where(articles, filter.holds);
    some += !meant.empty() && meant.size() < articles.size() ? 1 : 0;
    ASSERT_EQ(Where(articles,
                    [&](const v1::Article& article) {
                      return Matches(*condition, article);
                    }),
              meant);
    const SqlWhere where = ToSql(*condition, kSchema);
    ASSERT_EQ(database.Select(where), meant) << where.text;
    ASSERT_EQ(database.Select(ToSql(*condition, SchemaWithLeastTimes())),
              meant);
    const nlohmann::json query = ToOpenSearchQuery(*condition, ModelSchema());
    ASSERT_EQ(Where(documents,
                    [&](const nlohmann::json& document) {
                      return Finds(query, document);
                    }),
              meant)
        << query.dump(2);
  }
  // Filters that find all or nothing would prove little.
  EXPECT_GT(some, size_t{kFilters} * 2 / 3);
}

TEST(FilterAgreement, SqliteTakesTheLargestFilters) {
  Database database;
  database.Insert(0, Random(1).MakeArticle());
  std::string wide;
  for (int i = 0; i < 199; ++i) absl::StrAppend(&wide, "-language:x", i, " ");
  std::string deep = "-language:pt";
  for (int i = 0; i < 7; ++i) {
    deep = absl::StrCat("headline:* section != zz OR NOT (", deep, ")");
  }
  const std::string either =
      absl::StrCat("section = ''", std::string(8000, ' '), " OR section != ''");
  const std::string longest =
      absl::StrCat("-headline:\"", std::string(8000, '%'), "\" ",
                   "-headline=\"[", std::string(100, '['), "*\"");
  for (const std::string& filter : {wide, deep, either, longest}) {
    const absl::StatusOr<Condition> condition = Compile(filter);
    ASSERT_TRUE(condition.ok()) << condition.status();
    EXPECT_LE(database.Select(ToSql(*condition, kSchema)).size(), 1u);
  }
}

}  // namespace
}  // namespace dateline::store::filter
