// What one serving thread answers its calls with.
#ifndef RCUKV_SERVER_SERVICE_HANDLERS_H_
#define RCUKV_SERVER_SERVICE_HANDLERS_H_

#include <chrono>

#include "server/service/batch_write_path.h"
#include "server/service/health.h"
#include "server/service/limits.h"
#include "server/service/page_token.h"
#include "server/service/read_path.h"
#include "server/service/scan_path.h"
#include "server/service/txn_path.h"
#include "server/service/watch_path.h"
#include "server/service/write_path.h"
#include "server/store/store.h"
#include "server/table/table.h"
#include "server/table/table_directory.h"

namespace rcukv {

// What all serving threads share. Everything outlives them.
struct DataPlaneContext {
  Limits limits;
  ReadSection read_section = ReadSection::kPerBatch;
  const Health* health = nullptr;
  const PageTokens* tokens = nullptr;
  const TableDirectory* directory = nullptr;
  Store* store = nullptr;
  // A watch to which nothing is told learns within so much time how far revisions are.
  std::chrono::milliseconds watch_progress_interval{5000};
};

// Thread safety: one thread at a time.
struct Handlers {
  explicit Handlers(const DataPlaneContext& context)
      : health(*context.health),
        tables(*context.directory),
        read(context.limits, context.read_section, context.store, &tables),
        scan(context.limits, context.tokens, context.store, &tables),
        write(context.limits, context.store, &tables),
        batch_write(context.limits, context.store, &tables),
        txn(context.limits, context.store, &tables),
        watch(context.limits, context.store, &tables) {}
  Handlers(const Handlers&) = delete;
  Handlers& operator=(const Handlers&) = delete;

  HealthPath health;
  TableDirectory::Reader tables;
  ReadPath read;
  ScanPath scan;
  WritePath write;
  BatchWritePath batch_write;
  TxnPath txn;
  WatchPath watch;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_HANDLERS_H_
