#ifndef DATELINE_FETCHER_IMPORT_LISTENER_H_
#define DATELINE_FETCHER_IMPORT_LISTENER_H_

#include "absl/status/status.h"
#include "dateline/v1/fetcher_service.pb.h"

namespace dateline::fetcher {

// Whoever asked for an import. Called on the import's thread.
class ImportListener {
 public:
  virtual ~ImportListener() = default;
  virtual void OnProgress(const v1::ImportWarcResponse& progress) = 0;
  // The last call.
  virtual void OnEnd(const absl::Status& status) = 0;
  // Nobody is interested any more: the import is to stop.
  virtual bool IsGone() const = 0;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_IMPORT_LISTENER_H_
