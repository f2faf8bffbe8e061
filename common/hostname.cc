#include "common/hostname.h"

#include <unistd.h>

namespace dateline {

std::string Hostname() {
  char name[256] = {};
  return gethostname(name, sizeof(name) - 1) == 0 ? name : "localhost";
}

}  // namespace dateline
