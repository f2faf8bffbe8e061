#ifndef DATELINE_COMMON_HOSTNAME_H_
#define DATELINE_COMMON_HOSTNAME_H_

#include <string>

namespace dateline {

// The machine's name: on Kubernetes the pod's.
std::string Hostname();

}  // namespace dateline

#endif  // DATELINE_COMMON_HOSTNAME_H_
