// The main() of a fuzz_test outside --config=fuzz, where there is no coverage to follow:
// it runs the function on every file of the corpus folders given, on damaged copies of
// each, and on random bytes, the same on every run.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

using Input = std::vector<uint8_t>;

constexpr int kVariantsPerSeed = 100;
constexpr int kRandomInputs = 1000;
constexpr size_t kRandomInputBytesMax = 256;

void Run(const Input& input) { LLVMFuzzerTestOneInput(input.data(), input.size()); }

std::vector<Input> ReadCorpus(const char* folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& item : std::filesystem::recursive_directory_iterator(folder)) {
    if (item.is_regular_file()) paths.push_back(item.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Input> inputs;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file),
                        std::istreambuf_iterator<char>());
  }
  return inputs;
}

// Overwrites a byte and cuts the end off: what a bad peer or a torn write would send.
Input Damage(Input input, std::mt19937& random) {
  if (input.empty()) return input;
  input[random() % input.size()] = static_cast<uint8_t>(random());
  if (random() % 4 == 0) input.resize(random() % input.size());
  return input;
}

Input RandomInput(std::mt19937& random) {
  Input input(random() % kRandomInputBytesMax);
  for (uint8_t& byte : input) byte = static_cast<uint8_t>(random());
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  std::mt19937 random(1);
  size_t seeds = 0;
  for (int i = 1; i < argc; ++i) {
    for (const Input& seed : ReadCorpus(argv[i])) {
      ++seeds;
      Run(seed);
      for (int j = 0; j < kVariantsPerSeed; ++j) Run(Damage(seed, random));
    }
  }
  for (int i = 0; i < kRandomInputs; ++i) Run(RandomInput(random));
  std::printf("%zu seeds, %d random inputs\n", seeds, kRandomInputs);
}
