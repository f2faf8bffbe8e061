#ifndef DATELINE_TESTS_STORE_FILTER_RANDOM_H_
#define DATELINE_TESTS_STORE_FILTER_RANDOM_H_

#include <cstddef>
#include <functional>
#include <random>
#include <string>

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"

namespace dateline::store::filter {

// Filters and articles made at random, from values few enough that they often
// meet and odd enough to upset a translator. The same seed gives the same ones.
class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  // A filter and, told apart from all code under test, what it means.
  struct Filter {
    std::string text = {};
    std::function<bool(const v1::Article&)> holds = {};
  };
  Filter MakeFilter(int depth);

  v1::Article MakeArticle();

 private:
  size_t Below(size_t bound) { return engine_() % bound; }
  bool OneIn(size_t chances) { return Below(chances) == 0; }
  absl::string_view Pick();

  Filter TextRestriction();
  Filter EnumRestriction();
  Filter TimeRestriction();
  Filter Restriction();
  Filter Negation(int depth);

  std::mt19937 engine_;
};

}  // namespace dateline::store::filter

#endif  // DATELINE_TESTS_STORE_FILTER_RANDOM_H_
