#include "server/service/page_token.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include "absl/hash/hash.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace rcukv {
namespace {

// What is encrypted, as one block of AES: a permutation of all blocks that nobody without
// the key can tell from a random one. So what Make did not give decrypts to a random
// block, which has the right `scan` once in 2^64.
struct Block {
  // Of the table's name and the prefix.
  uint64_t scan = 0;
  uint64_t cursor = 0;
};
static_assert(sizeof(Block) == 16);

// A token is these words as they lie in memory: it never leaves its process's machine but
// as opaque bytes.
struct Words {
  uint64_t instance = 0;
  Block encrypted;
};
static_assert(sizeof(Words) == 24);

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

enum class Way : int { kDecrypt = 0, kEncrypt = 1 };

// By AES-256. Fails for lack of memory alone.
Block Crypt(Way way, const unsigned char* key, Block block) {
  const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context(EVP_CIPHER_CTX_new());
  auto* const bytes = reinterpret_cast<unsigned char*>(&block);
  int written = 0;
  const bool done =
      context != nullptr &&
      EVP_CipherInit_ex(context.get(), EVP_aes_256_ecb(), /*impl=*/nullptr, key,
                        /*iv=*/nullptr, static_cast<int>(way)) == 1 &&
      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
      EVP_CipherUpdate(context.get(), bytes, &written, bytes, sizeof(block)) == 1 &&
      written == sizeof(block);
  if (!done) throw std::bad_alloc();
  return block;
}

uint64_t ScanHash(std::string_view table, std::string_view prefix) {
  return absl::HashOf(std::string(table), std::string(prefix));
}

absl::Status Rejected(const char* why) {
  return absl::InvalidArgumentError(
      absl::StrCat("page_token: ", why, "; start the scan again without a token"));
}

template <class T>
T Drawn() {
  T drawn;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&drawn), sizeof(drawn)) != 1) {
    throw std::runtime_error("page tokens: the system gives no random bytes");
  }
  return drawn;
}

}  // namespace

PageTokens::PageTokens() : instance_(Drawn<uint64_t>()), key_(Drawn<Key>()) {}

std::string PageTokens::Make(std::string_view table, std::string_view prefix,
                             uint64_t cursor) const {
  const Block block{.scan = ScanHash(table, prefix), .cursor = cursor};
  const Words words{.instance = instance_,
                    .encrypted = Crypt(Way::kEncrypt, key_.data(), block)};
  return std::string(reinterpret_cast<const char*>(&words), sizeof(words));
}

absl::StatusOr<uint64_t> PageTokens::Read(std::string_view token, std::string_view table,
                                          std::string_view prefix) const {
  if (token.empty()) return 0;
  Words words;
  if (token.size() != sizeof(words)) return Rejected("not a token of this server");
  std::memcpy(&words, token.data(), sizeof(words));
  if (words.instance != instance_) {
    return Rejected("of another server process; was this one restarted?");
  }
  const Block block = Crypt(Way::kDecrypt, key_.data(), words.encrypted);
  if (block.scan != ScanHash(table, prefix)) {
    return Rejected("of a scan of another table or prefix, or changed");
  }
  return block.cursor;
}

}  // namespace rcukv
