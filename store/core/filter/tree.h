#ifndef DATELINE_STORE_CORE_FILTER_TREE_H_
#define DATELINE_STORE_CORE_FILTER_TREE_H_

#include <utility>
#include <vector>

namespace dateline::store::filter {

// How the parts of a tree are combined.
enum class TreeKind {
  kAll,   // true where every operand is; true without operands
  kAny,   // true where an operand is; false without operands
  kNot,   // true where its one operand is not
  kLeaf,  // as the leaf says
};

// A boolean combination of leaves. What limits.h bounds in a filter's text
// bounds size and depth, so that recursion over a tree is safe.
template <typename Leaf>
struct Tree {
  TreeKind kind = TreeKind::kAll;
  std::vector<Tree> operands = {};
  // Of kLeaf only.
  Leaf leaf = {};

  bool operator==(const Tree&) const = default;
};

// `operands` combined by `kind`, which is kAll or kAny; without a level of its
// own where there is only one.
template <typename Leaf>
Tree<Leaf> Combine(TreeKind kind, std::vector<Tree<Leaf>> operands) {
  if (operands.size() == 1) return std::move(operands.front());
  return {.kind = kind, .operands = std::move(operands)};
}

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_TREE_H_
