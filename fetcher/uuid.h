#ifndef DATELINE_FETCHER_UUID_H_
#define DATELINE_FETCHER_UUID_H_

#include <string>

namespace dateline::fetcher {

// A random UUID (RFC 9562 §5.4), in lower case with hyphens. Thread-safe.
std::string NewUuid();

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_UUID_H_
