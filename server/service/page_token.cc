#include "server/service/page_token.h"

#include <openssl/evp.h>
#include <openssl/types.h>
#include <sys/random.h>

#include <array>
#include <cstring>
#include <memory>
#include <new>
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

uint64_t ScanHash(std::string_view table, std::string_view prefix) {
  return absl::HashOf(std::string(table), std::string(prefix));
}

absl::Status Rejected(const char* why) {
  return absl::InvalidArgumentError(
      absl::StrCat("page_token: ", why, "; start the scan again without a token"));
}

}  // namespace

// AES-256 under a key that only this object knows, of an OpenSSL of its own: with the
// program's, whatever a system's openssl.cnf says would hold for it too.
class PageTokens::Cipher {
 public:
  Cipher()
      : openssl_(OSSL_LIB_CTX_new()),
        aes_(EVP_CIPHER_fetch(openssl_.get(), "AES-256-ECB", /*properties=*/nullptr)),
        key_(Drawn<Key>()) {
    if (openssl_ == nullptr || aes_ == nullptr) throw std::bad_alloc();
  }

  // Draws from the kernel, which has enough once the system is up.
  template <class T>
  static T Drawn() {
    T drawn;
    static_assert(sizeof(drawn) <= 256, "may come in parts");
    while (getrandom(&drawn, sizeof(drawn), 0) != sizeof(drawn)) {
    }
    return drawn;
  }

  Block Encrypt(const Block& block) const { return Crypt(block, 1); }
  Block Decrypt(const Block& block) const { return Crypt(block, 0); }

 private:
  using Key = std::array<unsigned char, 32>;

  template <auto kFree>
  struct Free {
    template <class T>
    void operator()(T* object) const {
      kFree(object);
    }
  };

  // Fails for lack of memory alone.
  Block Crypt(Block block, int encrypt) const {
    const std::unique_ptr<EVP_CIPHER_CTX, Free<EVP_CIPHER_CTX_free>> context(
        EVP_CIPHER_CTX_new());
    auto* const bytes = reinterpret_cast<unsigned char*>(&block);
    int written = 0;
    const bool done =
        context != nullptr &&
        EVP_CipherInit_ex2(context.get(), aes_.get(), key_.data(), /*iv=*/nullptr,
                           encrypt, /*parameters=*/nullptr) == 1 &&
        EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
        EVP_CipherUpdate(context.get(), bytes, &written, bytes, sizeof(block)) == 1 &&
        written == sizeof(block);
    if (!done) throw std::bad_alloc();
    return block;
  }

  const std::unique_ptr<OSSL_LIB_CTX, Free<OSSL_LIB_CTX_free>> openssl_;
  const std::unique_ptr<EVP_CIPHER, Free<EVP_CIPHER_free>> aes_;
  const Key key_;
};

PageTokens::PageTokens()
    : instance_(Cipher::Drawn<uint64_t>()), cipher_(std::make_unique<const Cipher>()) {}

PageTokens::~PageTokens() = default;

std::string PageTokens::Make(std::string_view table, std::string_view prefix,
                             uint64_t cursor) const {
  const Block block{.scan = ScanHash(table, prefix), .cursor = cursor};
  const Words words{.instance = instance_, .encrypted = cipher_->Encrypt(block)};
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
  const Block block = cipher_->Decrypt(words.encrypted);
  if (block.scan != ScanHash(table, prefix)) {
    return Rejected("of a scan of another table or prefix, or changed");
  }
  return block.cursor;
}

}  // namespace rcukv
