#include "server/service/page_token.h"

#include <cstring>
#include <random>
#include <string>

#include "absl/hash/hash.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace rcukv {
namespace {

// A token is these words as they lie in memory: it never leaves its process's machine but
// as opaque bytes.
struct Words {
  uint64_t instance = 0;
  // Of the table's name and the prefix.
  uint64_t scan = 0;
  uint64_t cursor = 0;
  // Of the three before it.
  uint64_t checksum = 0;
};
static_assert(sizeof(Words) == 32);

uint64_t Checksum(const Words& words) {
  return absl::HashOf(words.instance, words.scan, words.cursor);
}

uint64_t ScanHash(std::string_view table, std::string_view prefix) {
  return absl::HashOf(std::string(table), std::string(prefix));
}

absl::Status Rejected(const char* why) {
  return absl::InvalidArgumentError(
      absl::StrCat("page_token: ", why, "; start the scan again without a token"));
}

uint64_t RandomWord() {
  std::random_device random;
  return static_cast<uint64_t>(random()) << 32 | random();
}

}  // namespace

PageTokens::PageTokens() : instance_(RandomWord()) {}

std::string PageTokens::Make(std::string_view table, std::string_view prefix,
                             uint64_t cursor) const {
  Words words{.instance = instance_, .scan = ScanHash(table, prefix), .cursor = cursor};
  words.checksum = Checksum(words);
  return std::string(reinterpret_cast<const char*>(&words), sizeof(words));
}

absl::StatusOr<uint64_t> PageTokens::Read(std::string_view token, std::string_view table,
                                          std::string_view prefix) const {
  if (token.empty()) return 0;
  if (token.size() != sizeof(Words)) return Rejected("not a token of this server");
  Words words;
  std::memcpy(&words, token.data(), sizeof(words));
  if (words.instance != instance_) {
    return Rejected("of another server process; was this one restarted?");
  }
  if (words.checksum != Checksum(words)) return Rejected("not a token of this server");
  if (words.scan != ScanHash(table, prefix)) {
    return Rejected("of a scan of another table or prefix");
  }
  return words.cursor;
}

}  // namespace rcukv
