#include "store/core/serialized_article.h"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dateline/v1/article.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/wire_format_lite.h"
#include "simdjson.h"

namespace dateline::store {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;

// As protobuf's own parser has it.
constexpr int kMaxDepth = 100;
constexpr int kMaxTagBytes = 5;
constexpr int kMaxVarintBytes = 10;

// What of a message's fields the walk needs.
struct Shape {
  struct Field {
    bool is_text = false;
    size_t number_bytes = 1;  // of packed numbers
    const Shape* message = nullptr;
  };
  std::vector<Field> fields;  // by number
};

// An article has no packed numbers of other types.
size_t FixedBytes(FieldDescriptor::Type type) {
  return type == FieldDescriptor::TYPE_FIXED32 ? 4 : 1;
}

using Shapes = std::unordered_map<const Descriptor*, Shape>;

// Elements of an unordered_map stay where they are.
const Shape* AddShape(const Descriptor& descriptor, Shapes& shapes) {
  const auto [entry, is_new] = shapes.try_emplace(&descriptor);
  Shape& shape = entry->second;
  if (!is_new) return &shape;
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    const auto number = static_cast<size_t>(field.number());
    if (shape.fields.size() <= number) shape.fields.resize(number + 1);
    shape.fields[number].is_text = field.type() == FieldDescriptor::TYPE_STRING;
    if (field.is_packable()) {
      shape.fields[number].number_bytes = FixedBytes(field.type());
    }
    if (field.type() == FieldDescriptor::TYPE_MESSAGE) {
      shape.fields[number].message = AddShape(*field.message_type(), shapes);
    }
  }
  return &shape;
}

const Shape& ArticleShape() {
  static Shapes* const kShapes = new Shapes();
  static const Shape* const kShape =
      AddShape(*v1::Article::descriptor(), *kShapes);
  return *kShape;
}

// Reads `bytes` from the front. False where they don't begin with what is read.
bool TakeVarint(absl::string_view& bytes, int most_bytes, uint64_t& value) {
  value = 0;
  for (int i = 0; i < most_bytes && !bytes.empty(); ++i) {
    const auto byte = static_cast<uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    value |= uint64_t{byte & 0x7fU} << (7 * i);
    if (byte < 0x80) return true;
  }
  return false;
}

bool Skip(absl::string_view& bytes, size_t size) {
  if (size > bytes.size()) return false;
  bytes.remove_prefix(size);
  return true;
}

bool IsMessage(absl::string_view bytes, const Shape& shape, int depth);

bool TakeWithLength(absl::string_view& bytes, const Shape::Field* field,
                    int depth) {
  uint64_t size = 0;
  if (!TakeVarint(bytes, kMaxTagBytes, size) || size > bytes.size()) {
    return false;
  }
  const absl::string_view value = bytes.substr(0, size);
  bytes.remove_prefix(size);
  if (field == nullptr) return true;
  if (field->is_text) {
    return simdjson::validate_utf8(value.data(), value.size());
  }
  if (field->message == nullptr) return size % field->number_bytes == 0;
  return IsMessage(value, *field->message, depth + 1);
}

// Groups, which an article has none of, are damage.
bool TakeField(absl::string_view& bytes, const Shape& shape, int depth) {
  uint64_t tag = 0;
  if (!TakeVarint(bytes, kMaxTagBytes, tag) || tag > UINT32_MAX) return false;
  const uint64_t number = tag >> 3;
  uint64_t ignored = 0;
  if (number == 0) return false;
  switch (tag & 7) {
    case WireFormatLite::WIRETYPE_VARINT:
      return TakeVarint(bytes, kMaxVarintBytes, ignored);
    case WireFormatLite::WIRETYPE_FIXED64:
      return Skip(bytes, sizeof(uint64_t));
    case WireFormatLite::WIRETYPE_FIXED32:
      return Skip(bytes, sizeof(uint32_t));
    case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
      return TakeWithLength(
          bytes, number < shape.fields.size() ? &shape.fields[number] : nullptr,
          depth);
    default:
      return false;
  }
}

bool IsMessage(absl::string_view bytes, const Shape& shape, int depth) {
  if (depth > kMaxDepth) return false;
  while (!bytes.empty()) {
    if (!TakeField(bytes, shape, depth)) return false;
  }
  return true;
}

}  // namespace

bool IsSerializedArticle(absl::string_view bytes) {
  return IsMessage(bytes, ArticleShape(), 0);
}

absl::Status DamagedArticle(absl::string_view uid) {
  return absl::DataLossError(
      absl::StrCat("what is stored of the article '", uid,
                   "' is damaged; a rebuild of the "
                   "store reads it again from the topic"));
}

}  // namespace dateline::store
