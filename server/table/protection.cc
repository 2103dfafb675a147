#include "server/table/protection.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rcu/domain.h"
#include "rcu/hash_map.h"
#include "rcu/lock_domain.h"
#include "server/table/domain_table.h"
#include "server/table/printable.h"

namespace rcukv {
namespace {

constexpr std::array kFlavors = {
    Flavor::kMb,   Flavor::kMemb,   Flavor::kSignal, Flavor::kQsbr,
    Flavor::kRseq, Flavor::kRwlock, Flavor::kMutex,
};

template <class Domain>
class DomainProtection final : public Protection {
 public:
  explicit DomainProtection(Flavor flavor) : flavor_(flavor) {}

  Flavor flavor() const override { return flavor_; }

  std::unique_ptr<Table> NewTable(std::string name) override {
    return std::make_unique<DomainTable<Domain>>(std::move(name));
  }

  void Reclaim(absl::Span<const rcu::Entry* const> unlinked, ReclaimMode mode) override {
    if (unlinked.empty()) return;
    if (mode == ReclaimMode::kCallRcu) {
      for (const rcu::Entry* entry : unlinked) rcu::HashMap<Domain>::Retire(entry);
    } else {
      Domain::Synchronize();
      for (const rcu::Entry* entry : unlinked) rcu::EntryDeleter()(entry);
    }
  }

  void Barrier() override { Domain::Barrier(); }

  rcu::MembarrierMode membarrier_mode() const override {
    return Domain::membarrier_mode();
  }

  absl::Status SetMembarrierMode(rcu::MembarrierMode mode) override {
    return Domain::SetMembarrierMode(mode);
  }

  void SetHoldoutLimit(std::chrono::nanoseconds limit) override {
    Domain::SetHoldoutLimit(limit);
  }

  std::optional<rcu::Holdout> LastHoldout() const override {
    return Domain::LastHoldout();
  }

  rcu::DomainStats Stats() const override { return Domain::Stats(); }

 private:
  const Flavor flavor_;
};

template <class Domain>
absl::StatusOr<std::unique_ptr<Protection>> Prepare(Flavor flavor) {
  if (absl::Status status = Domain::Prepare(); !status.ok()) return status;
  return std::make_unique<DomainProtection<Domain>>(flavor);
}

}  // namespace

absl::Span<const Flavor> AllFlavors() { return kFlavors; }

absl::StatusOr<Flavor> ParseFlavor(std::string_view name) {
  for (Flavor flavor : kFlavors) {
    if (FlavorName(flavor) == name) return flavor;
  }
  const std::string names = absl::StrJoin(
      kFlavors, ", ",
      [](std::string* out, Flavor flavor) { out->append(FlavorName(flavor)); });
  return absl::InvalidArgumentError(
      absl::StrCat("unknown flavor ", Printable(name), "; there are: ", names));
}

std::string_view FlavorName(Flavor flavor) {
  switch (flavor) {
    case Flavor::kMb:
      return rcu::MbDomain::FlavorName();
    case Flavor::kMemb:
      return rcu::MembDomain::FlavorName();
    case Flavor::kSignal:
      return rcu::SignalDomain::FlavorName();
    case Flavor::kQsbr:
      return rcu::QsbrDomain::FlavorName();
    case Flavor::kRseq:
      return rcu::RseqDomain::FlavorName();
    case Flavor::kRwlock:
      return rcu::LockDomain::FlavorName();
    case Flavor::kMutex:
      return rcu::MutexDomain::FlavorName();
  }
  return "unknown";
}

// The one place where a flavor chosen at run time becomes one known to the compiler.
absl::StatusOr<std::unique_ptr<Protection>> Protection::Create(Flavor flavor) {
  switch (flavor) {
    case Flavor::kMb:
      return Prepare<rcu::MbDomain>(flavor);
    case Flavor::kMemb:
      return Prepare<rcu::MembDomain>(flavor);
    case Flavor::kSignal:
      return Prepare<rcu::SignalDomain>(flavor);
    case Flavor::kQsbr:
      return Prepare<rcu::QsbrDomain>(flavor);
    case Flavor::kRseq:
      return Prepare<rcu::RseqDomain>(flavor);
    case Flavor::kRwlock:
      return Prepare<rcu::LockDomain>(flavor);
    case Flavor::kMutex:
      return Prepare<rcu::MutexDomain>(flavor);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("unknown flavor ", static_cast<int>(flavor)));
}

}  // namespace rcukv
