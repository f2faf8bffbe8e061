#ifndef DATELINE_FETCHER_CORE_PROTO_TIME_H_
#define DATELINE_FETCHER_CORE_PROTO_TIME_H_

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace dateline::fetcher {

google::protobuf::Timestamp ToProto(absl::Time time);
google::protobuf::Duration ToProto(absl::Duration duration);
absl::Time FromProto(const google::protobuf::Timestamp& time);
absl::Duration FromProto(const google::protobuf::Duration& duration);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_PROTO_TIME_H_
