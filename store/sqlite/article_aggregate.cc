#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "store/core/group_counts.h"
#include "store/core/grouping.h"
#include "store/sqlite/article_filter.h"
#include "store/sqlite/article_queries.h"
#include "store/sqlite/article_writer.h"
#include "store/sqlite/match_expression.h"

namespace dateline::store {
namespace {

constexpr int64_t kHourUs = int64_t{3600} * 1'000'000;
constexpr int64_t kDayUs = 24 * kHourUs;

// What a grouping reads of a row.
struct Source {
  std::string column;
  std::string join = {};  // brings a row for each name; none: NULL
};

Source SourceOf(v1::AggregateGrouping grouping) {
  switch (grouping) {
    case v1::AGGREGATE_GROUPING_PUBLISHER:
      return {"articles.publisher"};
    case v1::AGGREGATE_GROUPING_DOMAIN:
      return {"articles.domain"};
    case v1::AGGREGATE_GROUPING_LANGUAGE:
      return {"articles.language"};
    case v1::AGGREGATE_GROUPING_SECTION:
      return {"articles.section"};
    case v1::AGGREGATE_GROUPING_ARTICLE_TYPE:
      return {"articles.article_type"};
    case v1::AGGREGATE_GROUPING_AUTHOR:
      return {"author.name",
              " LEFT JOIN article_authors AS author"
              " ON author.article = articles.id"};
    case v1::AGGREGATE_GROUPING_KEYWORD:
      return {"keyword.name",
              " LEFT JOIN article_keywords AS keyword"
              " ON keyword.article = articles.id"};
    default:
      return {"articles.publish_us"};
  }
}

int64_t FloorTo(int64_t value, int64_t unit) {
  const int64_t rest = value % unit;
  return value - (rest < 0 ? rest + unit : rest);
}

// Names of groups in a row's column. Names of times are kept: making one costs
// more than reading a row.
class NameReader {
 public:
  explicit NameReader(v1::AggregateGrouping grouping)
      : grouping_(grouping),
        unit_us_(grouping == v1::AGGREGATE_GROUPING_HOUR ? kHourUs : kDayUs) {}

  absl::string_view Read(const Statement& row, int column) {
    if (IsTimeGrouping(grouping_)) return TimeName(row.Int(column));
    if (grouping_ == v1::AGGREGATE_GROUPING_ARTICLE_TYPE) {
      const auto type = static_cast<int>(row.Int(column));
      return type == 0
                 ? absl::string_view()
                 : v1::ArticleType_Name(static_cast<v1::ArticleType>(type));
    }
    return row.Bytes(column);
  }

 private:
  absl::string_view TimeName(int64_t time_us) {
    if (time_us == kNoTime) return {};
    if (last_ != nullptr && time_us >= last_us_ &&
        time_us - last_us_ < unit_us_) {
      return *last_;
    }
    last_us_ = FloorTo(time_us, unit_us_);
    std::string& name = names_[last_us_];
    if (name.empty()) name = BucketName(grouping_, last_us_);
    last_ = &name;
    return name;
  }

  const v1::AggregateGrouping grouping_;
  const int64_t unit_us_;
  std::map<int64_t, std::string> names_;
  // The unit of the last name, as neighbours are often of one.
  int64_t last_us_ = 0;
  const std::string* last_ = nullptr;
};

// Rows of the same groups that follow each other, as those that an index
// orders do: to count them together spares looking the groups up for each.
class Neighbours {
 public:
  bool Are(absl::string_view outer, absl::string_view inner) const {
    return outer_ == outer && inner_ == inner;
  }
  void Begin(absl::string_view outer, absl::string_view inner) {
    outer_.assign(outer.data(), outer.size());
    inner_.assign(inner.data(), inner.size());
    count_ = 0;
  }
  void Add(int64_t count) { count_ += count; }

  const std::string& outer() const { return outer_; }
  const std::string& inner() const { return inner_; }
  int64_t count() const { return count_; }

 private:
  std::string outer_;
  std::string inner_;
  int64_t count_ = 0;
};

bool IsList(v1::AggregateGrouping grouping) {
  return !SourceOf(grouping).join.empty();
}

// One aggregation: its statements differ in what they group by.
class Aggregation {
 public:
  Aggregation(Connection& connection, const AggregateQuery& query)
      : connection_(connection),
        query_(query),
        where_(query.selection.filter, 2),
        expression_(MatchExpression(query.selection.terms)),
        counts_(query.groupings) {}

  absl::StatusOr<v1::AggregateArticlesResponse> Run() {
    const v1::AggregateGrouping outer = query_.groupings.front();
    const v1::AggregateGrouping inner = query_.groupings.back();
    const bool two = query_.groupings.size() > 1;
    // An article of several inner groups has as many rows: they are no counts
    // of the outer group.
    const bool apart = two && IsList(inner);
    absl::Status status = Count(query_.groupings, !apart, two);
    if (status.ok() && apart) status = Count({outer}, true, false);
    if (status.ok() && IsList(outer)) status = CountAll();
    if (!status.ok()) return status;
    v1::AggregateArticlesResponse response = counts_.Top(query_.top);
    response.set_total_count(total_);
    return response;
  }

 private:
  absl::StatusOr<Statement> Prepare(
      const std::vector<v1::AggregateGrouping>& groupings) {
    std::string columns;
    std::string joins;
    // SQLite would sort to group by times: it counts only where an index or a
    // few values help it to.
    bool grouped = true;
    for (const v1::AggregateGrouping grouping : groupings) {
      const Source source = SourceOf(grouping);
      absl::StrAppend(&columns, ", ", source.column);
      absl::StrAppend(&joins, source.join);
      grouped &= !IsTimeGrouping(grouping);
    }
    const bool searches = !expression_.empty();
    absl::StatusOr<Statement> select = where_.Prepare(
        connection_,
        absl::StrCat("SELECT ", grouped ? "count(*)" : "1", columns, " FROM ",
                     searches ? "text_index CROSS JOIN articles "
                                "ON articles.id = text_index.rowid"
                              : "articles",
                     joins, " WHERE ",
                     searches ? "text_index MATCH ?1 AND " : "", where_.sql(),
                     grouped && !columns.empty() ? " GROUP BY " : "",
                     grouped && !columns.empty() ? columns.substr(2) : ""));
    if (select.ok() && searches) select->BindText(1, expression_);
    return select;
  }

  absl::Status Count(const std::vector<v1::AggregateGrouping>& groupings,
                     bool add_outer, bool add_inner) {
    absl::StatusOr<Statement> select = Prepare(groupings);
    if (!select.ok()) return select.status();
    NameReader outer(groupings.front());
    NameReader inner(groupings.back());
    Neighbours neighbours;
    const auto add = [&] {
      if (add_outer) counts_.AddOuter(neighbours.outer(), neighbours.count());
      if (add_inner) {
        counts_.AddInner(neighbours.outer(), neighbours.inner(),
                         neighbours.count());
      }
      if (add_outer) total_ += neighbours.count();
    };
    absl::StatusOr<bool> row = false;
    while ((row = select->Step()).ok() && *row) {
      const absl::string_view outer_name = outer.Read(*select, 1);
      const absl::string_view inner_name =
          add_inner ? inner.Read(*select, 2) : absl::string_view();
      if (!neighbours.Are(outer_name, inner_name)) {
        add();
        neighbours.Begin(outer_name, inner_name);
      }
      neighbours.Add(select->Int(0));
    }
    add();
    return row.status();
  }

  absl::Status CountAll() {
    absl::StatusOr<Statement> select = Prepare({});
    if (!select.ok()) return select.status();
    const absl::StatusOr<bool> row = select->Step();
    if (row.ok()) total_ = select->Int(0);
    return row.status();
  }

  Connection& connection_;
  const AggregateQuery& query_;
  const ArticleFilter where_;
  const std::string expression_;
  GroupCounts counts_;
  int64_t total_ = 0;
};

}  // namespace

absl::StatusOr<v1::AggregateArticlesResponse> AggregateArticles(
    Connection& connection, const AggregateQuery& query) {
  return Aggregation(connection, query).Run();
}

}  // namespace dateline::store
