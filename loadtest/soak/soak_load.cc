#include "loadtest/soak/soak_load.h"

#include <utility>

#include "absl/time/time.h"
#include "loadtest/base/random.h"
#include "loadtest/soak/soak_writer.h"

namespace rcukv::loadtest {
namespace {

// A server that takes as long for a call hangs.
constexpr absl::Duration kCallTimeout = absl::Seconds(30);

absl::Status Connect(const std::string& address, std::unique_ptr<Client>& client) {
  absl::StatusOr<std::unique_ptr<Client>> connected =
      Client::Connect(address, {.call_timeout = kCallTimeout});
  if (connected.ok()) client = *std::move(connected);
  return connected.status();
}

// Different for each kind of caller and each of them.
uint64_t SeedOf(const SoakOptions& options, uint64_t kind, uint64_t caller) {
  return Mix(Mix(static_cast<uint64_t>(options.seed) ^ Mix(kind)) ^ caller);
}

}  // namespace

absl::StatusOr<std::unique_ptr<SoakLoad>> SoakLoad::Start(const std::string& address,
                                                          const SoakOptions& options,
                                                          const SoakData& data) {
  Clients clients;
  for (std::unique_ptr<Client>* const client :
       {&clients.gets, &clients.batches, &clients.writes}) {
    const absl::Status status = Connect(address, *client);
    if (!status.ok()) return status;
  }
  return std::unique_ptr<SoakLoad>(new SoakLoad(std::move(clients), options, data));
}

SoakLoad::SoakLoad(Clients clients, const SoakOptions& options, const SoakData& data)
    : clients_(std::move(clients)), ledger_(data.keys()) {
  StartWriters(options, data);
  StartBatches(options, data);
  chains_.emplace(SoakReading{*clients_.gets, data, ledger_, tally_},
                  static_cast<size_t>(options.callers), SeedOf(options, 0, 0));
}

void SoakLoad::StartBatches(const SoakOptions& options, const SoakData& data) {
  for (int64_t i = 0; i < options.batch_callers; ++i) {
    threads_.emplace_back([this, &data, batch = static_cast<size_t>(options.batch),
                           seed = SeedOf(options, 1, static_cast<uint64_t>(i))] {
      ReadBatches({*clients_.batches, data, ledger_, tally_}, batch, seed);
    });
  }
}

void SoakLoad::StartWriters(const SoakOptions& options, const SoakData& data) {
  const auto writers = static_cast<size_t>(options.writers);
  for (size_t i = 0; i < writers; ++i) {
    threads_.emplace_back([this, &data, i, writers, seed = SeedOf(options, 2, i)] {
      SoakWriter(*clients_.writes, data, ledger_, tally_, i, writers, seed).Run();
    });
  }
}

void SoakLoad::Stop() {
  tally_.Stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  chains_.reset();
}

}  // namespace rcukv::loadtest
