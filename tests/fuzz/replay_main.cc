// Runs a fuzz target over files: those named, and all below folders named. What
// libFuzzer's own main does, for builds without it.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

std::vector<std::filesystem::path> FilesAt(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  return files;
}

// The file, every start of it up to 64 of them, and it with one bit turned in
// 64 places.
void RunVariants(const std::string& input) {
  const auto run = [](const std::string& bytes) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()),
                           bytes.size());
  };
  constexpr size_t kVariants = 64;
  run(input);
  for (size_t i = 0; i < kVariants && !input.empty(); ++i) {
    const size_t at = input.size() * i / kVariants;
    run(input.substr(0, at));
    std::string turned = input;
    turned[at] = static_cast<char>(turned[at] ^ (1 << (i % 8)));
    run(turned);
  }
}

}  // namespace

int main(int argc, char** argv) {
  size_t count = 0;
  for (int i = 1; i < argc; ++i) {
    for (const std::filesystem::path& path : FilesAt(argv[i])) {
      std::ifstream file(path, std::ios::binary);
      if (!file) {
        std::fprintf(stderr, "%s can't be read\n", path.c_str());
        return 1;
      }
      RunVariants({std::istreambuf_iterator<char>(file), {}});
      ++count;
    }
  }
  std::printf("%zu inputs\n", count);
  return count > 0 ? 0 : 1;
}
