// What the loads of `bench map` want of a table: an adapter of few lines for each map.
//
//   explicit T(size_t entries)      room for as many at once; 0: it grows from its least
//   class T::Member                 of a thread, while it uses the table: T::Member(T&)
//   void Put(const Key&, const Value&)
//       Makes a new value the key's, and frees the old one when no reader can hold it.
//   bool Find(const Key&, use) const
//       Calls use(const void* value) while the value is protected; false: there is none.
//   size_t FindMany(std::span<const Key, kGroup>, use) const       (not of every table)
//       The same with use(i, value) for each key that is there; returns how many.
//   void Quiesce()                  between operations, now and then
//   void Settle()                   returns when all that was replaced is freed
//
// Find and Put are for any number of threads at once, Settle for a member alone. The
// Find of a concrete type is inlined into the loop, as a program's would be.
#ifndef RCUKV_BENCH_MAP_TABLE_H_
#define RCUKV_BENCH_MAP_TABLE_H_

#include <span>

#include "bench/map/data.h"
#include "bench/map/row.h"

namespace rcukv::bench {

template <class Table>
concept HasFindMany = requires(const Table& table, std::span<const Key, kGroup> keys) {
  table.FindMany(keys, [](size_t, const void*) {});
};

// Of tables that need nothing of their threads.
template <class Table>
struct NoMember {
  explicit NoMember(Table&) {}
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_TABLE_H_
