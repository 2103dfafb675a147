#include "server/store/memory_store.h"

namespace rcukv {

MemoryStore::MemoryStore(Protection& protection, TableDirectory& tables,
                         const Options& options)
    : tables_(tables), committer_(protection, ToCommitterOptions(options, tables)) {}

}  // namespace rcukv
