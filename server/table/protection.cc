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

struct NamedFlavor {
  Flavor flavor;
  std::string_view name;
};

constexpr std::array kFlavors = {
    NamedFlavor{Flavor::kMb, "mb"},
    NamedFlavor{Flavor::kMemb, "memb"},
    NamedFlavor{Flavor::kRwlock, "rwlock"},
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

absl::StatusOr<Flavor> ParseFlavor(std::string_view name) {
  for (const NamedFlavor& known : kFlavors) {
    if (known.name == name) return known.flavor;
  }
  const std::string names = absl::StrJoin(
      kFlavors, ", ",
      [](std::string* out, const NamedFlavor& known) { out->append(known.name); });
  return absl::InvalidArgumentError(
      absl::StrCat("unknown flavor ", Printable(name), "; there are: ", names));
}

std::string_view FlavorName(Flavor flavor) {
  for (const NamedFlavor& known : kFlavors) {
    if (known.flavor == flavor) return known.name;
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
    case Flavor::kRwlock:
      return Prepare<rcu::LockDomain>(flavor);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("unknown flavor ", static_cast<int>(flavor)));
}

}  // namespace rcukv
