#include "rcu/hash.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstddef>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "rcu/child_process.h"

namespace {

std::atomic<bool> hold_the_draw{false};
std::atomic<bool> a_thread_draws{false};

void Await(const std::atomic<bool>& flag, bool value) {
  while (flag.load(std::memory_order_acquire) != value) std::this_thread::yield();
}

}  // namespace

// In place of the C library's.
extern "C" ssize_t getrandom(void* buffer, size_t length, unsigned flags) {
  a_thread_draws.store(true, std::memory_order_release);
  Await(hold_the_draw, false);
  return syscall(SYS_getrandom, buffer, length, flags);
}

namespace rcu {
namespace {

TEST(HashTest, IsXxh3WithTheSecretForEveryLength) {
  // Not the process's, which the tests below want undrawn.
  HashSecret secret;
  for (size_t i = 0; i < secret.size(); ++i) {
    secret[i] = static_cast<unsigned char>(i * 151 + 7);
  }
  std::string key;
  for (int length = 0; length < 400; ++length) {
    EXPECT_EQ(Hash(key, secret), XXH3_64bits_withSecret(key.data(), key.size(),
                                                        secret.data(), secret.size()))
        << length;
    key.push_back(static_cast<char>(length * 37 + 11));
  }
}

// A child, in which nothing is drawn yet.
TEST(ProcessHashSecretTest, AForkWhileAThreadDrawsItFindsNothingLocked) {
  const int code = InChildProcess([] {
    hold_the_draw.store(true, std::memory_order_release);
    std::thread first([] { ProcessHashSecret(); });
    Await(a_thread_draws, true);
    const int grandchild = InChildProcess([] {
      alarm(10);  // Where it waits for who is not there.
      hold_the_draw.store(false, std::memory_order_release);
      return ProcessHashSecret() != HashSecret{} ? 0 : 1;
    });
    hold_the_draw.store(false, std::memory_order_release);
    first.join();
    return grandchild;
  });
  EXPECT_EQ(code, 0);
}

TEST(ProcessHashSecretTest, IsOneForAllThreadsWhoeverDrawsFirst) {
  const int code = InChildProcess([] {
    alarm(10);  // Where the second thread waits for the first.
    hold_the_draw.store(true, std::memory_order_release);
    const HashSecret* of_first = nullptr;
    std::thread first([&of_first] { of_first = &ProcessHashSecret(); });
    Await(a_thread_draws, true);
    a_thread_draws.store(false, std::memory_order_release);
    const HashSecret* of_second = nullptr;
    std::thread second([&of_second] { of_second = &ProcessHashSecret(); });
    Await(a_thread_draws, true);
    hold_the_draw.store(false, std::memory_order_release);
    first.join();
    second.join();
    return of_first == of_second && of_first == &ProcessHashSecret() ? 0 : 1;
  });
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace rcu
