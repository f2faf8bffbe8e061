#ifndef DATELINE_TESTS_BENCHMARK_STORE_ARTICLES_H_
#define DATELINE_TESTS_BENCHMARK_STORE_ARTICLES_H_

#include <cstdint>
#include <string>

#include "dateline/v1/article.pb.h"

namespace dateline::benchmark {

// Article number `number` of the stream that `seed` stands for: about 3 kB of
// text of words whose frequencies follow Zipf's law, in English, Spanish,
// German, French, Portuguese or Chinese, of one of 300 publishers, over 90
// days; one in ten is a copy of a recent one with some words changed. The same
// call gives the same article.
v1::Article MakeArticle(uint64_t seed, int64_t number);

// What to search for in these articles. `kind`: "rare" is a word of few
// articles, "common" one of most English ones, "phrase" a name of two words;
// which one of these, `number` chooses.
std::string MakeQuery(const std::string& kind, int64_t number);

}  // namespace dateline::benchmark

#endif  // DATELINE_TESTS_BENCHMARK_STORE_ARTICLES_H_
