// The main program of a sampler: takes one sample of one table and writes its figures.
//
//   sampler load --table=rcukv --entries=100000 --rows=get.uniform.1t.u0,get.zipf.2t.u10
//   sampler growth --table=rcukv --entries=100000
//
// load: fills a table that has room for all, and runs the rows on it one after the other.
// Figures: each row's, by its name, in operations a second; its CPU time for one
// (CpuFigureOf); and the memory's. growth: fills an empty one beside a reader. Figures:
// the reader's, growth_seconds, and the memory's; of one that took too long the reader's,
// and unfinished_growth_entries, which is how far it came.
//
// The memory's: resident_bytes_per_entry, what the process grew by; of that
// allocated_bytes_per_entry, which jemalloc gave out, and allocator_bytes_per_entry,
// which are resident for it; and overhead_bytes_per_entry, resident less key and value.
#ifndef RCUKV_BENCH_MAP_SAMPLER_H_
#define RCUKV_BENCH_MAP_SAMPLER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "bench/figures.h"
#include "bench/map/draws.h"
#include "bench/map/growth.h"
#include "bench/map/load.h"
#include "bench/map/memory.h"
#include "bench/map/row.h"

namespace rcukv::bench {

struct MapSampleOptions {
  std::string table;
  int64_t entries = 100'000;
  std::vector<Row> rows;
  double seconds = 0.15;
};

// Draws of all the threads that the rows have, for each distribution.
class DrawsOfRows {
 public:
  explicit DrawsOfRows(const MapSampleOptions& options);

  // With the row's updates; by number of thread.
  std::vector<std::vector<Draw>> Of(const Row& row) const;

 private:
  std::map<Distribution, std::vector<std::vector<Draw>>> draws_;
};

// A table, as the loads of it that were compiled.
struct MapContender {
  const char* table;
  absl::Status (*prepare)();
  bool multi_get;
  Figures (*load)(const MapSampleOptions&);
  Figures (*growth)(const MapSampleOptions&);
};

Figures FiguresOfMemory(const Memory& before, const Memory& after, int64_t entries);
// Of one that was to have so many entries.
Figures FiguresOfGrowth(const GrowthResult& growth, int64_t entries);

template <class Table>
Figures SampleLoad(const MapSampleOptions& options) {
  const auto entries = static_cast<uint32_t>(options.entries);
  const DrawsOfRows draws(options);
  const Memory before = MemoryNow();
  Table table(entries);
  {
    const typename Table::Member member(table);
    Fill(table, entries);
    table.Settle();
  }
  Figures figures = FiguresOfMemory(before, MemoryNow(), entries);
  for (const Row& row : options.rows) {
    const std::vector<std::vector<Draw>> draws_of_row = draws.Of(row);
    Load<Table> load(table, entries, row, draws_of_row);
    const LoadResult result = load.Measure(options.seconds);
    figures[ToString(row)] = result.per_second;
    figures[CpuFigureOf(row)] = result.cpu_ns;
    // What a row leaves to be freed is none of the next one's.
    const typename Table::Member member(table);
    table.Settle();
  }
  return figures;
}

template <class Table>
Figures SampleGrowth(const MapSampleOptions& options) {
  const Memory before = MemoryNow();
  Table table(0);
  const GrowthResult growth = Growth::Run(table, static_cast<uint32_t>(options.entries));
  Figures figures = FiguresOfGrowth(growth, options.entries);
  {
    const typename Table::Member member(table);
    table.Settle();
  }
  // That of a table which is not full would be another row's.
  if (growth.entries < options.entries) return figures;
  figures.merge(FiguresOfMemory(before, MemoryNow(), options.entries));
  return figures;
}

inline absl::Status NothingToPrepare() { return absl::OkStatus(); }

// `prepare` is called before there is a table, and is UNAVAILABLE, with a reason, where
// the machine cannot do it. `grows`: a table that begins with room for nothing is one.
template <class Table>
constexpr MapContender MapContenderOf(const char* table,
                                      absl::Status (*prepare)() = NothingToPrepare) {
  MapContender contender = {.table = table,
                            .prepare = prepare,
                            .multi_get = HasFindMany<Table>,
                            .load = SampleLoad<Table>,
                            .growth = nullptr};
  if constexpr (Table::kGrows) contender.growth = SampleGrowth<Table>;
  return contender;
}

// What main returns. Ends by itself when the process that started it does, or when it
// takes minutes longer than it should.
int MapSamplerMain(int argc, char** argv, const std::vector<MapContender>& contenders);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_SAMPLER_H_
