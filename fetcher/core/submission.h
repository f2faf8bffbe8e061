#ifndef DATELINE_FETCHER_CORE_SUBMISSION_H_
#define DATELINE_FETCHER_CORE_SUBMISSION_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dateline/v1/fetcher_service.pb.h"
#include "dateline/v1/frontier.pb.h"

namespace dateline::fetcher {

// What is to be done about one submitted URL.
struct SubmissionDecision {
  // REFUSED with its reason, or ACCEPTED for when the submission is written.
  v1::SubmitUrlsResponse answer;
  // To be written; set exactly where the answer is ACCEPTED.
  std::optional<v1::Submission> submission;
};

// Judges the URL by itself. Hints of more than 32 KiB are
// refused.
SubmissionDecision DecideSubmission(const v1::SubmitUrlsRequest& request,
                                    absl::Time now);

// The answer instead of `accepted` where the frontier has the URL already.
v1::SubmitUrlsResponse AlreadyKnown(const v1::SubmitUrlsResponse& accepted);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_SUBMISSION_H_
