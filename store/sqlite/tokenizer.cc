#include "store/sqlite/tokenizer.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "absl/status/statusor.h"
#include "store/core/letter_words.h"
#include "store/sqlite/statement.h"

namespace dateline::store {
namespace {

constexpr const char* kUnicode61Arguments[] = {"remove_diacritics", "2"};

// The lead byte of all of LetterWords() is at least this in UTF-8.
constexpr uint8_t kLeastLeadByte = 0xE0;

using TokenCallback = int (*)(void*, int, const char*, int, int, int);

// Where tokens of a piece of the text go: to FTS5, with their place in the
// whole.
struct Piece {
  void* context;
  TokenCallback callback;
  int begin;
};

int EmitShifted(void* context, int flags, const char* token, int size,
                int begin, int end) {
  const auto* piece = static_cast<const Piece*>(context);
  return piece->callback(piece->context, flags, token, size,
                         piece->begin + begin, piece->begin + end);
}

class Tokenizer {
 public:
  Tokenizer(const fts5_tokenizer& unicode61, Fts5Tokenizer* instance)
      : unicode61_(unicode61), instance_(instance) {}
  ~Tokenizer() { unicode61_.xDelete(instance_); }
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;

  int Tokenize(void* context, int flags, const char* text, int size,
               TokenCallback callback) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(text);
    int plain = 0;  // where text for unicode61 begins
    int i = 0;
    while (i < size) {
      if (bytes[i] < kLeastLeadByte) {
        ++i;
        continue;
      }
      const int begin = i;
      UChar32 letter = 0;
      U8_NEXT(bytes, i, size, letter);
      if (!IsLetterWord(letter)) continue;
      int code = Plain(context, flags, text, plain, begin, callback);
      if (code == SQLITE_OK) {
        code = callback(context, 0, text + begin, i - begin, begin, i);
      }
      if (code != SQLITE_OK) return code;
      plain = i;
    }
    return Plain(context, flags, text, plain, size, callback);
  }

 private:
  int Plain(void* context, int flags, const char* text, int begin, int end,
            TokenCallback callback) {
    if (begin == end) return SQLITE_OK;
    if (begin == 0) {
      return unicode61_.xTokenize(instance_, context, flags, text, end,
                                  callback);
    }
    Piece piece = {context, callback, begin};
    return unicode61_.xTokenize(instance_, &piece, flags, text + begin,
                                end - begin, EmitShifted);
  }

  const fts5_tokenizer unicode61_;
  Fts5Tokenizer* const instance_;
};

int Create(void* context, const char** /*arguments*/, int /*count*/,
           Fts5Tokenizer** out) {
  auto* api = static_cast<fts5_api*>(context);
  fts5_tokenizer unicode61 = {};
  void* user_data = nullptr;
  int code = api->xFindTokenizer(api, "unicode61", &user_data, &unicode61);
  if (code != SQLITE_OK) return code;
  // FTS5 doesn't write to them.
  auto** arguments = const_cast<const char**>(kUnicode61Arguments);
  Fts5Tokenizer* instance = nullptr;
  code = unicode61.xCreate(user_data, arguments,
                           static_cast<int>(std::size(kUnicode61Arguments)),
                           &instance);
  if (code != SQLITE_OK) return code;
  *out = reinterpret_cast<Fts5Tokenizer*>(new Tokenizer(unicode61, instance));
  return SQLITE_OK;
}

void Delete(Fts5Tokenizer* tokenizer) {
  delete reinterpret_cast<Tokenizer*>(tokenizer);
}

int Tokenize(Fts5Tokenizer* tokenizer, void* context, int flags,
             const char* text, int size, TokenCallback callback) {
  return reinterpret_cast<Tokenizer*>(tokenizer)->Tokenize(context, flags, text,
                                                           size, callback);
}

// What fts5.html §8 says to get the API by.
absl::StatusOr<fts5_api*> Fts5Api(sqlite3* database) {
  sqlite3_stmt* statement = nullptr;
  int code =
      sqlite3_prepare_v2(database, "SELECT fts5(?1)", -1, &statement, nullptr);
  fts5_api* api = nullptr;
  if (code == SQLITE_OK) {
    sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", nullptr);
    code = sqlite3_step(statement);
  }
  sqlite3_finalize(statement);
  // A damaged database shows here already.
  if (code != SQLITE_ROW) {
    return SqliteStatus("looking for FTS5", code, sqlite3_errmsg(database));
  }
  return api;
}

}  // namespace

absl::Status RegisterTokenizer(sqlite3* database) {
  const absl::StatusOr<fts5_api*> api = Fts5Api(database);
  if (!api.ok()) return api.status();
  fts5_tokenizer tokenizer = {
      .xCreate = Create, .xDelete = Delete, .xTokenize = Tokenize};
  const int code =
      (*api)->xCreateTokenizer(*api, "dateline", *api, &tokenizer, nullptr);
  return code == SQLITE_OK ? absl::OkStatus()
                           : absl::InternalError(sqlite3_errstr(code));
}

}  // namespace dateline::store
