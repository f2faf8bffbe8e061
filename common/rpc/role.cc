#include "common/rpc/role.h"

#include <algorithm>
#include <iterator>

namespace dateline::rpc {
namespace {

struct Entry {
  absl::string_view method;
  Role role;
};

constexpr Entry kTable[] = {
    {"/dateline.v1.FetcherService/SubmitUrls", Role::kSubmit},
    {"/dateline.v1.FetcherService/GetUrlStatus", Role::kRead},
    {"/dateline.v1.FetcherService/WatchFetches", Role::kRead},
    {"/dateline.v1.FetcherService/CreateSource", Role::kAdmin},
    {"/dateline.v1.FetcherService/GetSource", Role::kRead},
    {"/dateline.v1.FetcherService/ListSources", Role::kRead},
    {"/dateline.v1.FetcherService/UpdateSource", Role::kAdmin},
    {"/dateline.v1.FetcherService/DeleteSource", Role::kAdmin},
    {"/dateline.v1.FetcherService/ImportWarc", Role::kAdmin},
    {"/dateline.v1.ParserService/ParsePage", Role::kSubmit},
    {"/dateline.v1.ParserService/StreamParse", Role::kSubmit},
    {"/dateline.v1.ParserService/ListDeadLetters", Role::kRead},
    {"/dateline.v1.ParserService/GetDeadLetter", Role::kRead},
    {"/dateline.v1.ParserService/RedriveDeadLetters", Role::kAdmin},
    {"/dateline.v1.ArticleStoreService/GetArticle", Role::kRead},
    {"/dateline.v1.ArticleStoreService/BatchGetArticles", Role::kRead},
    {"/dateline.v1.ArticleStoreService/ListArticles", Role::kRead},
    {"/dateline.v1.ArticleStoreService/SearchArticles", Role::kRead},
    {"/dateline.v1.ArticleStoreService/AggregateArticles", Role::kRead},
    {"/dateline.v1.ArticleStoreService/WatchArticles", Role::kRead},
    {"/dateline.v1.ArticleStoreService/ListRevisions", Role::kRead},
    {"/dateline.v1.ArticleStoreService/ListStories", Role::kRead},
    {"/dateline.v1.ArticleStoreService/GetStory", Role::kRead},
    {"/dateline.v1.ArticleStoreService/ExportArticles", Role::kRead},
    {"/dateline.v1.ArticleStoreService/DeleteArticle", Role::kAdmin},
    {"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", Role::kRead},
    {"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
     Role::kRead},
};

}  // namespace

absl::string_view RoleWord(Role role) {
  switch (role) {
    case Role::kRead:
      return "read";
    case Role::kSubmit:
      return "submit";
    case Role::kAdmin:
      return "admin";
  }
  return "";
}

std::optional<Role> RoleFromWord(absl::string_view word) {
  for (const Role role : {Role::kRead, Role::kSubmit, Role::kAdmin}) {
    if (word == RoleWord(role)) return role;
  }
  return std::nullopt;
}

std::optional<Role> RequiredRole(absl::string_view method) {
  const auto* const entry =
      std::find_if(std::begin(kTable), std::end(kTable),
                   [&](const Entry& each) { return each.method == method; });
  if (entry == std::end(kTable)) return std::nullopt;
  return entry->role;
}

}  // namespace dateline::rpc
