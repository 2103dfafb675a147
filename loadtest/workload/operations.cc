#include "loadtest/workload/operations.h"

namespace rcukv::loadtest {

Operations::Operations(uint64_t seed, const Workload& workload,
                       const KeyDistribution& keys, size_t loaded, size_t max_scanned,
                       size_t batch)
    : workload_(workload),
      max_scanned_(max_scanned),
      batch_(batch),
      random_(Mix(seed)),
      chooser_(keys, loaded),
      keys_(loaded) {}

OperationKind Operations::DrawKind() {
  double left = random_.Unit();
  OperationKind last = OperationKind::kGet;
  for (const OperationKind kind : kOperationKinds) {
    const double share = workload_.share(kind);
    if (share == 0) continue;
    if (left < share) return kind;
    left -= share;
    last = kind;
  }
  // The shares add up to 1 but for rounding.
  return last;
}

Operation Operations::Next() {
  Operation operation = {.number = ++number_, .kind = DrawKind()};
  switch (operation.kind) {
    case OperationKind::kInsert:
      operation.index = keys_++;
      break;
    case OperationKind::kScan:
      operation.scanned = 1 + random_.Below(max_scanned_);
      break;
    case OperationKind::kGet:
      operation.index = chooser_.Choose(random_, keys_);
      operation.more.reserve(batch_ - 1);
      while (operation.more.size() < batch_ - 1) {
        operation.more.push_back(chooser_.Choose(random_, keys_));
      }
      break;
    case OperationKind::kPut:
    case OperationKind::kReadModifyWrite:
      operation.index = chooser_.Choose(random_, keys_);
  }
  return operation;
}

}  // namespace rcukv::loadtest
