#include "store/sqlite/article_filter.h"

#include <cstdint>
#include <variant>

namespace dateline::store {
namespace {

const filter::SqlSchema& Schema() {
  static const auto* const kSchema =
      new filter::SqlSchema{.publisher = "articles.publisher",
                            .domain = "articles.domain",
                            .language = "articles.language",
                            .section = "articles.section",
                            .headline = "articles.headline",
                            .access = "articles.access",
                            .article_type = "articles.article_type",
                            .publish_time = "articles.publish_us",
                            .fetch_time = "articles.fetch_us",
                            .no_time_is_least = true,
                            .article_key = "articles.id",
                            .author = {"article_authors", "article", "name"},
                            .keyword = {"article_keywords", "article", "name"}};
  return *kSchema;
}

}  // namespace

ArticleFilter::ArticleFilter(const filter::Condition& condition,
                             int first_parameter)
    : all_(condition == filter::Condition()),
      first_parameter_(first_parameter),
      where_(filter::ToSql(condition, Schema(), first_parameter)) {}

absl::StatusOr<Statement> ArticleFilter::Prepare(Connection& connection,
                                                 const std::string& sql) const {
  absl::StatusOr<Statement> statement =
      all_ ? connection.Prepare(sql) : connection.PrepareOneOfMany(sql);
  if (!statement.ok()) return statement;
  int parameter = first_parameter_;
  for (const filter::SqlValue& value : where_.parameters) {
    if (const auto* number = std::get_if<int64_t>(&value)) {
      statement->Bind(parameter, *number);
    } else {
      statement->BindText(parameter, std::get<std::string>(value));
    }
    ++parameter;
  }
  return statement;
}

}  // namespace dateline::store
