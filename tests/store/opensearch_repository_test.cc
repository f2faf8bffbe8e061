#include "store/opensearch/opensearch_repository.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "store/core/filter/checker.h"
#include "store/opensearch/client.h"
#include "store/opensearch/index_fields.h"
#include "tests/store/article_repository_contract.h"
#include "tests/store/opensearch_node.h"

namespace dateline::store {
namespace {

using Json = nlohmann::json;

// One for all tests, which have indexes of their own.
const OpenSearchNode& Node() {
  static const std::unique_ptr<OpenSearchNode> node = OpenSearchNode::Start();
  if (node == nullptr) std::exit(1);
  return *node;
}

std::unique_ptr<OpenSearchRepository> OpenIndex(const std::string& index,
                                                int shards) {
  auto repository =
      OpenSearchRepository::Open({.client = {.http = {.urls = {Node().url()}}},
                                  .index = index,
                                  .shards = shards});
  EXPECT_TRUE(repository.ok()) << repository.status();
  return *std::move(repository);
}

class OpenSearchEngine final : public TestEngine {
 public:
  explicit OpenSearchEngine(int shards) : shards_(shards) {
    static int count = 0;
    index_ = absl::StrCat("test", ++count);
  }
  ~OpenSearchEngine() override {
    auto client = OpenSearchClient::Create({.http = {.urls = {Node().url()}}});
    (*client)
        ->Write("DELETE", absl::StrCat("/", index_, "-1"), Json())
        .IgnoreError();
  }

  std::unique_ptr<ArticleRepository> Open() override {
    return OpenIndex(index_, shards_);
  }
  const std::string& index() const { return index_; }

 private:
  const int shards_;
  std::string index_;
};

INSTANTIATE_TEST_SUITE_P(OpenSearch, ArticleRepositoryContract,
                         ::testing::Values([] {
                           return std::make_unique<OpenSearchEngine>(1);
                         }));
INSTANTIATE_TEST_SUITE_P(OpenSearchOfThreeShards, ArticleRepositoryContract,
                         ::testing::Values([] {
                           return std::make_unique<OpenSearchEngine>(3);
                         }));

}  // namespace
}  // namespace dateline::store
