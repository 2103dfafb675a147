#include <compare>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_format.h"
#include "server/store/batch.h"

namespace rcukv {
namespace {

using Compare = Transaction::Compare;

// How what is stored relates to the target; nothing where that cannot be said. `entry` is
// null where there is no such key.
class OrderOf {
 public:
  using Order = std::optional<std::strong_ordering>;

  explicit OrderOf(const rcu::Entry* entry) : entry_(entry) {}

  Order operator()(const Compare::ModRevision& target) const {
    return (entry_ == nullptr ? 0 : entry_->mod_revision()) <=> target.revision;
  }
  Order operator()(const Compare::CreateRevision& target) const {
    return (entry_ == nullptr ? 0 : entry_->create_revision()) <=> target.revision;
  }
  Order operator()(const Compare::Value& target) const {
    if (entry_ == nullptr) return std::nullopt;
    return entry_->value() <=> std::string_view(target.bytes);
  }
  Order operator()(const Compare::Exists& target) const {
    return static_cast<int>(entry_ != nullptr) <=> static_cast<int>(target.exists);
  }

 private:
  const rcu::Entry* const entry_;
};

bool Matches(std::strong_ordering order, Compare::Relation relation) {
  switch (relation) {
    case Compare::Relation::kEqual:
      return order == 0;
    case Compare::Relation::kGreater:
      return order > 0;
    case Compare::Relation::kLess:
      return order < 0;
    case Compare::Relation::kNotEqual:
      return order != 0;
  }
  return false;
}

bool Holds(const Compare& compare, const rcu::Entry* entry) {
  const OrderOf::Order order = std::visit(OrderOf(entry), compare.target);
  return order.has_value() && Matches(*order, compare.relation);
}

}  // namespace

class Batch::Attempt {
 public:
  Attempt(Batch& batch, const Transaction& transaction)
      : batch_(batch),
        transaction_(transaction),
        table_(*transaction.table),
        revision_before_(batch.revision_),
        budget_before_(batch.budget_),
        changes_before_(batch.changes_.size()) {}

  // After an error the batch is to be left as Undo leaves it.
  absl::StatusOr<Transaction::Result> Run() {
    Transaction::Result result;
    result.succeeded = AllHold();
    const auto& branch = result.succeeded ? transaction_.success : transaction_.failure;
    for (const Transaction::Operation& operation : branch) {
      const auto perform = [this](const auto& one) { return Perform(one); };
      absl::StatusOr<Transaction::Response> response = std::visit(perform, operation);
      if (!response.ok()) return response.status();
      result.responses.push_back(*std::move(response));
    }
    // After the lookups: who finds a key cleared finds this as well.
    if (table_.dropped()) return DroppedError(table_);
    if (read_bytes_ > transaction_.max_read_bytes) return ReadTooMuch(result.succeeded);
    result.revision = batch_.revision_;
    return result;
  }

  void Undo() {
    // From the last to the first, for one that writes a key twice against the contract.
    for (auto before = states_before_.rbegin(); before != states_before_.rend();
         ++before) {
      batch_.states_[{&table_, before->first}] = before->second;
    }
    batch_.changes_.erase(
        batch_.changes_.begin() + static_cast<std::ptrdiff_t>(changes_before_),
        batch_.changes_.end());
    batch_.budget_ = budget_before_;
    batch_.revision_ = revision_before_;
  }

 private:
  using Response = Transaction::Response;

  bool AllHold() const {
    for (const Compare& compare : transaction_.compares) {
      bool holds = false;
      batch_.LookUp(table_, compare.key,
                    [&](const rcu::Entry* entry) { holds = Holds(compare, entry); });
      if (!holds) return false;
    }
    return true;
  }

  absl::StatusOr<Response> Perform(const Transaction::Get& get) {
    Transaction::Got got{.entry = {}, .revision = batch_.revision_};
    batch_.LookUp(table_, get.key, [&](const rcu::Entry* entry) {
      if (entry == nullptr) return;
      read_bytes_ += entry->key().size() + entry->value().size();
      // Past the limit the rest is only counted, for the error to name.
      if (read_bytes_ <= transaction_.max_read_bytes) got.entry = KeptEntry(*entry);
    });
    return got;
  }

  absl::StatusOr<Response> Perform(const Transaction::Put& put) {
    absl::Status status = CheckSizes(put.key, put.value);
    if (!status.ok()) return status;
    KeyState& state = Remembered(put.key);
    status = batch_.Put(&table_, put.key, put.value, revision_before_ + 1, state);
    if (!status.ok()) return status;
    return Transaction::PutDone{.revision = batch_.revision_};
  }

  absl::StatusOr<Response> Perform(const Transaction::Delete& remove) {
    const absl::Status status = CheckSizes(remove.key, {});
    if (!status.ok()) return status;
    KeyState& state = Remembered(remove.key);
    const bool existed = batch_.Delete(&table_, remove.key, revision_before_ + 1, state);
    return Transaction::Deleted{.revision = batch_.revision_, .existed = existed};
  }

  KeyState& Remembered(std::string_view key) {
    KeyState& state = batch_.StateOf(table_, key);
    states_before_.emplace_back(key, state);
    return state;
  }

  absl::Status ReadTooMuch(bool succeeded) const {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: %d bytes of keys and values in the response, the limit is %d "
        "(max_response_bytes)",
        succeeded ? "success" : "failure", read_bytes_, transaction_.max_read_bytes));
  }

  Batch& batch_;
  const Transaction& transaction_;
  Table& table_;
  const uint64_t revision_before_;
  const MemoryBudget budget_before_;
  const size_t changes_before_;
  // Of each key that is written.
  std::vector<std::pair<std::string_view, KeyState>> states_before_;
  uint64_t read_bytes_ = 0;
};

void Batch::Add(const Transaction& transaction) {
  Attempt attempt(*this, transaction);
  answers_.transactions.push_back(attempt.Run());
  if (!answers_.transactions.back().ok()) attempt.Undo();
}

}  // namespace rcukv
