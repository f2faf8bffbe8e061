#include "fetcher/core/submission.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/url.h"
#include "fetcher/core/proto_time.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kMostHintBytes = 32 * 1024;

}  // namespace

SubmissionDecision DecideSubmission(const v1::SubmitUrlsRequest& request,
                                    absl::Time now) {
  SubmissionDecision decision;
  decision.answer.set_url(request.url());
  absl::StatusOr<std::string> url = CanonicalUrl(request.url());
  if (!url.ok()) {
    decision.answer.set_result(v1::SUBMIT_RESULT_REFUSED);
    decision.answer.set_reason(std::string(url.status().message()));
    return decision;
  }
  decision.answer.set_canonical_url(*url);
  decision.answer.set_uid(PageUid(*url));
  if (request.hints().ByteSizeLong() > kMostHintBytes) {
    decision.answer.set_result(v1::SUBMIT_RESULT_REFUSED);
    decision.answer.set_reason(
        absl::StrCat("The hints are longer than ", kMostHintBytes, " bytes."));
    return decision;
  }
  decision.answer.set_result(v1::SUBMIT_RESULT_ACCEPTED);
  v1::Submission& submission = decision.submission.emplace();
  submission.set_url(*std::move(url));
  submission.set_purpose(v1::FETCH_PURPOSE_PAGE);
  *submission.mutable_hints() = request.hints();
  *submission.mutable_submit_time() = ToProto(now);
  submission.set_refetch(request.refetch());
  return decision;
}

v1::SubmitUrlsResponse AlreadyKnown(const v1::SubmitUrlsResponse& accepted) {
  v1::SubmitUrlsResponse answer = accepted;
  answer.set_result(v1::SUBMIT_RESULT_ALREADY_KNOWN);
  return answer;
}

}  // namespace dateline::fetcher
