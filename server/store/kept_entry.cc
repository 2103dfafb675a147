#include "server/store/kept_entry.h"

namespace rcukv {

KeptEntry::KeptEntry(const rcu::Entry& entry) {
  if (entry.shareable()) {
    shared_ = entry.Share();
  } else {
    copy_ = rcu::Entry::New(entry.key(), entry.value(),
                            {.mod_revision = entry.mod_revision(),
                             .create_revision = entry.create_revision(),
                             .expire_time = entry.expire_time()});
  }
}

}  // namespace rcukv
