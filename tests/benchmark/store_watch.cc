// How long an article takes from the topic to those who watch: opens watches,
// writes articles to the topic, and prints the milliseconds from the moment
// each was handed to the producer to the moment each watch had it.
//
//   dateline-store-watch BROKERS HOST:PORT WATCHES ARTICLES PER_SECOND

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"
#include "common/kafka/client.h"
#include "dateline/v1/article_store_service.grpc.pb.h"
#include "tests/benchmark/store_articles.h"

namespace {

namespace v1 = dateline::v1;

// Of articles that are none of the load's.
constexpr uint64_t kSeed = 4'711;

double NowMs() {
  return absl::ToDoubleMilliseconds(absl::Now() - absl::UnixEpoch());
}

// One client's watch, on a connection of its own.
class Watch {
 public:
  Watch(const std::string& address, int number, int64_t articles,
        const std::vector<double>& sent_ms, absl::BlockingCounter& ready)
      : articles_(articles), sent_ms_(sent_ms), ready_(ready) {
    grpc::ChannelArguments arguments;
    arguments.SetInt("benchmark.watch", number);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stub_ = v1::ArticleStoreService::NewStub(grpc::CreateCustomChannel(
        address, grpc::InsecureChannelCredentials(), arguments));
    thread_ = std::thread([this] { Read(); });
  }
  ~Watch() { thread_.join(); }

  // Once the thread has ended.
  const std::vector<double>& latencies_ms() const { return latencies_ms_; }
  void Join() {
    if (thread_.joinable()) thread_.join();
    thread_ = std::thread([] {});
  }

 private:
  void Read() {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::minutes(5));
    const auto stream = stub_->WatchArticles(&context, {});
    v1::WatchArticlesResponse response;
    const bool open = stream->Read(&response);
    ready_.DecrementCount();
    while (open && static_cast<int64_t>(latencies_ms_.size()) < articles_ &&
           stream->Read(&response)) {
      if (!response.has_article()) continue;
      // Set before the article was sent.
      const auto number =
          static_cast<size_t>(response.article().provenance().offset());
      latencies_ms_.push_back(NowMs() - sent_ms_[number]);
    }
    context.TryCancel();
    stream->Finish();
  }

  const int64_t articles_;
  const std::vector<double>& sent_ms_;
  absl::BlockingCounter& ready_;
  std::unique_ptr<v1::ArticleStoreService::Stub> stub_;
  std::vector<double> latencies_ms_;
  std::thread thread_;
};

void Produce(dateline::kafka::Producer& producer, int64_t articles,
             double per_second, std::vector<double>& sent_ms) {
  absl::Time due = absl::Now();
  for (int64_t number = 0; number < articles; ++number) {
    const v1::Article article = dateline::benchmark::MakeArticle(kSeed, number);
    dateline::kafka::OutgoingRecord record = {
        .topic = "dateline.articles",
        .partition = std::nullopt,
        .key = article.uid(),
        .value = article.SerializeAsString(),
        .headers = {}};
    absl::SleepFor(due - absl::Now());
    due += absl::Seconds(1) / per_second;
    sent_ms[static_cast<size_t>(number)] = NowMs();
    producer.Send(std::move(record), [](absl::Status status) {
      if (!status.ok()) std::cerr << status.message() << "\n";
    });
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "usage: dateline-store-watch BROKERS HOST:PORT WATCHES "
                 "ARTICLES PER_SECOND\n";
    return 2;
  }
  const int watches = std::atoi(argv[3]);
  const int64_t articles = std::atoll(argv[4]);
  const auto producer = dateline::kafka::NewProducer(
      {.brokers = argv[1], .client_id = "benchmark"});
  if (!producer.ok()) {
    std::cerr << "dateline-store-watch: " << producer.status().message()
              << "\n";
    return 1;
  }
  std::vector<double> sent_ms(static_cast<size_t>(articles));
  absl::BlockingCounter ready(watches);
  std::vector<std::unique_ptr<Watch>> open;
  for (int i = 0; i < watches; ++i) {
    open.push_back(
        std::make_unique<Watch>(argv[2], i, articles, sent_ms, ready));
  }
  ready.Wait();
  Produce(**producer, articles, std::atof(argv[5]), sent_ms);
  bool whole = true;
  for (const auto& watch : open) {
    watch->Join();
    whole &= static_cast<int64_t>(watch->latencies_ms().size()) == articles;
    for (const double ms : watch->latencies_ms()) std::printf("%.3f\n", ms);
  }
  if (!whole) std::cerr << "dateline-store-watch: a watch ended early\n";
  return whole ? 0 : 1;
}
