#include "store/core/revision.h"

#include <limits>

#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"
#include "store/core/indexed_text.h"

namespace dateline::store {

v1::Revision RevisionOf(const v1::Article& article, int64_t version,
                        int64_t fetch_us) {
  v1::Revision revision;
  revision.set_version(version);
  if (fetch_us != std::numeric_limits<int64_t>::min()) {
    *revision.mutable_fetch_time() =
        google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(fetch_us);
  }
  revision.set_headline(article.headline());
  revision.set_alternative_headline(article.alternative_headline());
  revision.set_text(PlainText(article));
  if (article.has_modified_time()) {
    *revision.mutable_modified_time() = article.modified_time();
  }
  if (article.has_publish_time()) {
    *revision.mutable_publish_time() = article.publish_time();
  }
  return revision;
}

std::vector<std::string> ChangedFields(const v1::Revision& before,
                                       const v1::Revision& revision) {
  using google::protobuf::util::MessageDifferencer;
  std::vector<std::string> fields;
  if (before.headline() != revision.headline()) fields.push_back("headline");
  if (before.alternative_headline() != revision.alternative_headline()) {
    fields.push_back("alternative_headline");
  }
  if (before.text() != revision.text()) fields.push_back("body");
  if (!MessageDifferencer::Equals(before.publish_time(),
                                  revision.publish_time())) {
    fields.push_back("publish_time");
  }
  if (!MessageDifferencer::Equals(before.modified_time(),
                                  revision.modified_time())) {
    fields.push_back("modified_time");
  }
  return fields;
}

}  // namespace dateline::store
