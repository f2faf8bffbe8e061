// What it costs to read pages in processes of their own: reads NDJSON
// {"url","html_base64"} from the file that it is given, then reads all pages,
// in this process and in others by turns, and prints a line of JSON per figure.
#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/synchronization/blocking_counter.h"
#include "common/log.h"
#include "common/metrics.h"
#include "dateline/v1/page.pb.h"
#include "parser/in_process_reader.h"
#include "parser/isolation/isolated_reader.h"
#include "parser/isolation/page_worker.h"

namespace dateline {
namespace {

constexpr int kWorkers = 2;

struct Cost {
  double pages_per_s = 0;
  double pages_per_cpu_s = 0;
};

std::vector<PageTask> ReadTasks(const char* path) {
  std::vector<PageTask> tasks;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    std::string body;
    if (json.is_discarded() ||
        !absl::Base64Unescape(json.value("html_base64", ""), &body)) {
      continue;
    }
    v1::RawPage page;
    page.set_url(json.value("url", ""));
    page.set_media_type("text/html");
    page.set_body(std::move(body));
    PageTask task;
    task.raw_page =
        std::make_shared<const std::string>(page.SerializeAsString());
    task.place = PagePlace{"pages", 0, static_cast<int64_t>(tasks.size())};
    tasks.push_back(std::move(task));
  }
  return tasks;
}

double CpuSeconds() {
  double seconds = 0;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage used = {};
    getrusage(who, &used);
    for (const timeval& time : {used.ru_utime, used.ru_stime}) {
      seconds += static_cast<double>(time.tv_sec) +
                 static_cast<double>(time.tv_usec) / 1e6;
    }
  }
  return seconds;
}

double ReadAll(PageReader& reader, const std::vector<PageTask>& tasks) {
  absl::BlockingCounter left(static_cast<int>(tasks.size()));
  const auto begin = std::chrono::steady_clock::now();
  for (const PageTask& task : tasks) {
    reader.Read(task, [&left](PageVerdict) { left.DecrementCount(); });
  }
  left.Wait();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
      .count();
}

// One round: workers that have not read yet, as after a start, read all twice.
template <typename MakeReader>
Cost Measure(const std::vector<PageTask>& tasks, const MakeReader& make) {
  const double cpu_before = CpuSeconds();
  double seconds = 0;
  {
    const std::unique_ptr<PageReader> reader = make();
    for (int i = 0; i < 2; ++i) seconds += ReadAll(*reader, tasks);
  }
  const auto pages = static_cast<double>(2 * tasks.size());
  return {pages / seconds, pages / (CpuSeconds() - cpu_before)};
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void Show(const char* figure, double value, const char* unit) {
  std::cout << nlohmann::json(
                   {{"figure", figure}, {"value", value}, {"unit", unit}})
                   .dump()
            << "\n";
}

int Run(const char* path, int rounds) {
  const std::vector<PageTask> tasks = ReadTasks(path);
  if (tasks.empty()) {
    std::cerr << "no pages in " << path << "\n";
    return 1;
  }
  Metrics metrics;
  std::vector<double> speed, cpu, speed_ratio, cpu_ratio;
  for (int i = 0; i < rounds; ++i) {
    const Cost within = Measure(tasks, []() -> std::unique_ptr<PageReader> {
      return std::make_unique<InProcessReader>(kWorkers);
    });
    const Cost isolated =
        Measure(tasks, [&metrics]() -> std::unique_ptr<PageReader> {
          auto reader = IsolatedReader::Create({.workers = kWorkers}, metrics);
          if (!reader.ok()) {
            std::cerr << reader.status() << "\n";
            std::exit(1);
          }
          return *std::move(reader);
        });
    speed.push_back(isolated.pages_per_s);
    cpu.push_back(isolated.pages_per_cpu_s);
    speed_ratio.push_back(isolated.pages_per_s / within.pages_per_s);
    cpu_ratio.push_back(isolated.pages_per_cpu_s / within.pages_per_cpu_s);
  }
  Show("isolation.speed", Median(speed), "pages/s");
  Show("isolation.cpu_speed", Median(cpu), "pages/CPU-s");
  Show("isolation.ratio", Median(speed_ratio), "ratio");
  Show("isolation.cpu_ratio", Median(cpu_ratio), "ratio");
  return 0;
}

}  // namespace
}  // namespace dateline

int main(int argc, char** argv) {
  if (dateline::IsPageWorker(argc, argv)) return dateline::RunPageWorker();
  if (argc != 3) {
    std::cerr << "usage: isolation_benchmark PAGES.ndjson ROUNDS\n";
    return 2;
  }
  dateline::SetLogLevel("error");
  // As page workers do: neither has to ask the kernel for each page's memory.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  return dateline::Run(argv[1], std::max(std::atoi(argv[2]), 1));
}
