#ifndef DATELINE_TESTS_SUPPORT_PATIENCE_H_
#define DATELINE_TESTS_SUPPORT_PATIENCE_H_

#include "absl/time/time.h"

namespace dateline {

// How long tests wait for what other threads do at once on a machine of one's
// own, and later on one that many share.
inline constexpr absl::Duration kSoon = absl::Minutes(1);

}  // namespace dateline

#endif  // DATELINE_TESTS_SUPPORT_PATIENCE_H_
