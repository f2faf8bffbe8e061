#include "common/rpc/role.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/reflection/reflection_v1.h"
#include "dateline/v1/article_store_service.grpc.pb.h"
#include "dateline/v1/fetcher_service.grpc.pb.h"
#include "dateline/v1/parser_service.grpc.pb.h"

namespace dateline::rpc {
namespace {

TEST(RequiredRole, IsThereForEveryRpcOfEveryService) {
  for (const google::protobuf::Descriptor* const message :
       {v1::GetSourceRequest::descriptor(), v1::ParsePageRequest::descriptor(),
        v1::GetArticleRequest::descriptor(),
        grpc::reflection::v1::ServerReflectionRequest::descriptor()}) {
    ASSERT_EQ(message->file()->service_count(), 1);
    const auto* const service = message->file()->service(0);
    ASSERT_GT(service->method_count(), 0);
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string method = absl::StrCat("/", service->full_name(), "/",
                                              service->method(i)->name());
      EXPECT_TRUE(RequiredRole(method).has_value()) << method;
    }
  }
}

TEST(RequiredRole, IsNoneForAMethodWithoutAnEntry) {
  EXPECT_EQ(RequiredRole("/dateline.v1.FetcherService/Other"), std::nullopt);
  EXPECT_EQ(RequiredRole(""), std::nullopt);
}

TEST(RequiredRole, IsHigherForWhatChangesThings) {
  EXPECT_EQ(RequiredRole("/dateline.v1.ArticleStoreService/GetArticle"),
            Role::kRead);
  EXPECT_EQ(RequiredRole("/dateline.v1.FetcherService/SubmitUrls"),
            Role::kSubmit);
  EXPECT_EQ(RequiredRole("/dateline.v1.ArticleStoreService/DeleteArticle"),
            Role::kAdmin);
}

TEST(RoleFromWord, IsTheInverseOfRoleWord) {
  for (const Role role : {Role::kRead, Role::kSubmit, Role::kAdmin}) {
    EXPECT_EQ(RoleFromWord(RoleWord(role)), role);
  }
  EXPECT_EQ(RoleFromWord("root"), std::nullopt);
  EXPECT_EQ(RoleFromWord(""), std::nullopt);
}

}  // namespace
}  // namespace dateline::rpc
