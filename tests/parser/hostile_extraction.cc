#include "tests/parser/hostile_extraction.h"

#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "parser/core/extract.h"
#include "tests/parser/pages.h"
#include "tests/support/sanitized.h"

namespace dateline {
namespace {

// A sanitizer's realloc copies all of it each time, which makes a text that
// grows by and by take the square of its length.
constexpr int kMostCpuSeconds = kIsSanitized ? 240 : 2;
constexpr unsigned kMostSeconds = kIsSanitized ? 300 : 60;

double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) / 1e9;
}

double PeakMb() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

HostileRun Extract(const v1::RawPage& page) {
  HostileRun run;
  const double mb = PeakMb();
  const double seconds = CpuSeconds();
  const absl::StatusOr<Extraction> extraction = ExtractArticle(page, {});
  run.cpu_seconds = CpuSeconds() - seconds;
  run.peak_mb = PeakMb() - mb;
  run.ended = true;
  run.has_article = extraction.ok();
  if (!extraction.ok()) {
    run.is_whole = !extraction.status().message().empty();
    return run;
  }
  const v1::Article& article = extraction->article;
  run.is_whole = article.body_size() + article.live_updates_size() > 0 &&
                 v1::Article().ParseFromString(article.SerializeAsString());
  return run;
}

// Tables that are read once belong to no page.
void WarmUp() {
  static const bool done = [] {
    return ArticleOf(Html(Paragraphs(5))).body_size() > 0;
  }();
  EXPECT_TRUE(done);
}

}  // namespace

HostileRun ExtractInChild(absl::string_view media_type,
                          absl::string_view body) {
  WarmUp();
  const v1::RawPage page =
      PageOf("https://news.example/hostile", media_type, body);
  // Memory that is free, but resident, would count for nothing.
  malloc_trim(0);
  int ends[2];
  HostileRun run;
  if (pipe(ends) != 0) return run;
  const pid_t child = fork();
  if (child == 0) {
    // One that doesn't end counts as dead.
    alarm(kMostSeconds);
    const HostileRun result = Extract(page);
    const bool sent = write(ends[1], &result, sizeof(result)) == sizeof(result);
    _exit(sent ? 0 : 1);
  }
  close(ends[1]);
  HostileRun result;
  if (read(ends[0], &result, sizeof(result)) == sizeof(result)) run = result;
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return run;
}

void ExpectBounded(absl::string_view media_type, absl::string_view body) {
  const HostileRun run = ExtractInChild(media_type, body);
  const std::string what =
      absl::StrCat(media_type, " of ", body.size(),
                   " bytes: ", absl::CHexEscape(body.substr(0, 80)));
  EXPECT_TRUE(run.ended) << what;
  EXPECT_TRUE(run.is_whole) << what;
  EXPECT_LT(run.cpu_seconds, kMostCpuSeconds) << what;
  if (!kIsSanitized) {
    EXPECT_LT(run.peak_mb, 256) << what;
  }
}

std::string Repeat(absl::string_view piece, size_t count) {
  std::string all;
  all.reserve(piece.size() * count);
  for (size_t i = 0; i < count; ++i) all.append(piece.data(), piece.size());
  return all;
}

std::string RepeatNumbered(absl::string_view before, absl::string_view after,
                           int count) {
  std::string all;
  for (int i = 0; i < count; ++i) absl::StrAppend(&all, before, i, after);
  return all;
}

}  // namespace dateline
