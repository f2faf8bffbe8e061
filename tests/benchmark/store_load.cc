// Writes generated articles to the articles topic of a broker.
//
//   dateline-store-load BROKERS COUNT SEED

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/kafka/client.h"
#include "tests/benchmark/store_articles.h"

namespace {

// How many records are on their way, and how many were refused.
class Flight {
 public:
  void Begin() {
    const absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](int* open) { return *open < kMostOpen; }, &open_));
    ++open_;
  }
  void End(bool ok) {
    const absl::MutexLock lock(&mutex_);
    --open_;
    if (!ok) ++failed_;
  }
  int Wait() {
    const absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](int* open) { return *open == 0; }, &open_));
    return failed_;
  }

 private:
  static constexpr int kMostOpen = 5'000;

  absl::Mutex mutex_;
  int open_ ABSL_GUARDED_BY(mutex_) = 0;
  int failed_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: dateline-store-load BROKERS COUNT SEED\n";
    return 2;
  }
  Flight flight;
  const auto producer = dateline::kafka::NewProducer(
      {.brokers = argv[1],
       .client_id = "benchmark",
       .properties = {{"compression.type", "zstd"}}});
  if (!producer.ok()) {
    std::cerr << "dateline-store-load: " << producer.status().message() << "\n";
    return 1;
  }
  const int64_t count = std::atoll(argv[2]);
  const uint64_t seed = std::strtoull(argv[3], nullptr, 10);
  size_t size_bytes = 0;
  for (int64_t number = 0; number < count; ++number) {
    const auto article = dateline::benchmark::MakeArticle(seed, number);
    std::string value = article.SerializeAsString();
    size_bytes += value.size();
    flight.Begin();
    (*producer)->Send(
        {.topic = "dateline.articles",
         .partition = std::nullopt,
         .key = article.uid(),
         .value = std::move(value),
         .headers = {}},
        [&flight](absl::Status status) { flight.End(status.ok()); });
  }
  if (const int failed = flight.Wait(); failed > 0) {
    std::cerr << "dateline-store-load: the broker took " << failed
              << " articles not\n";
    return 1;
  }
  std::printf("{\"articles\": %lld, \"bytes\": %zu}\n",
              static_cast<long long>(count), size_bytes);
  return 0;
}
