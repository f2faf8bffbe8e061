#include "parser/ledger/frontier_ledger.h"

#include <utility>

#include "absl/strings/strip.h"
#include "common/url.h"
#include "dateline/v1/frontier.pb.h"

namespace dateline {
namespace {

// As frontier.proto has the keys.
constexpr absl::string_view kSubmissionPrefix = "submit/";

bool IsOfPage(v1::FetchPurpose purpose) {
  return purpose == v1::FETCH_PURPOSE_PAGE ||
         purpose == v1::FETCH_PURPOSE_UNSPECIFIED;
}

}  // namespace

void FrontierLedger::AddFrontier(const kafka::Record& record) {
  if (!record.value.has_value()) {
    absl::string_view url = record.key;
    const bool is_submission = absl::ConsumePrefix(&url, kSubmissionPrefix);
    const auto found = urls_.find(std::string(url));
    if (found == urls_.end()) return;
    Url& known = found->second;
    if (is_submission) known.is_submitted = false;
    // Nothing else is known of one that was not taken up.
    if (!is_submission || (!known.has_outcome && !known.has_next)) {
      urls_.erase(found);
    }
    return;
  }
  v1::FrontierRecord frontier;
  if (!frontier.ParseFromString(*record.value)) return;
  if (frontier.has_submission() && IsOfPage(frontier.submission().purpose())) {
    urls_[frontier.submission().url()].is_submitted = true;
  }
  if (!frontier.has_url() || !IsOfPage(frontier.url().purpose())) return;
  const v1::UrlEntry& entry = frontier.url();
  Url& url = urls_[entry.url()];
  url.has_outcome = entry.last_outcome() != v1::FETCH_OUTCOME_UNSPECIFIED;
  url.is_fetched = entry.last_outcome() == v1::FETCH_OUTCOME_FETCHED;
  url.has_next = entry.has_next_fetch_time();
  url.last_fetch = absl::FromUnixSeconds(entry.last_fetch_time().seconds());
}

FrontierBalance FrontierLedger::Close(absl::Time pages_since) const {
  FrontierBalance balance;
  const auto find = [&balance](const std::string& url, const char* kind) {
    if (balance.findings.size() < kMaxFindings) {
      balance.findings.push_back({url, kind});
    }
  };
  for (const auto& [name, url] : urls_) {
    ++balance.urls;
    if (!url.has_outcome) {
      if (url.has_next || url.is_submitted) {
        ++balance.in_flight;
      } else {
        ++balance.lost;
        find(name, "lost");
      }
      continue;
    }
    ++balance.outcomes;
    if (url.is_fetched && url.last_fetch >= pages_since &&
        pages_.count(PageUid(name)) == 0) {
      ++balance.pages_missing;
      find(name, "page_missing");
    }
  }
  return balance;
}

}  // namespace dateline
