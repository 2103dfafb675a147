#include "clients/cli/status_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "clients/cli/format.h"
#include "clients/cli/output.h"

namespace rcukv::cli {
namespace {

// A newer server may send enumerators without a name here.
std::string LowerCase(const std::string& name, int number) {
  return name.empty() ? absl::StrCat(number) : absl::AsciiStrToLower(name);
}

void AppendRow(std::string& text, const char* name, const std::string& value) {
  absl::StrAppendFormat(&text, "%-14s %s\n", name, value);
}

std::string GracePeriodsText(const v1::GracePeriods& periods) {
  return absl::StrCat(WithCommas(periods.completed()), " completed; last ",
                      Nanoseconds(periods.last_ns()), ", recent median ",
                      Nanoseconds(periods.recent_p50_ns()), ", recent max ",
                      Nanoseconds(periods.recent_max_ns()), ", longest ",
                      Nanoseconds(periods.max_ns()));
}

uint64_t LatencyCount(const v1::GracePeriods& periods) {
  uint64_t count = 0;
  for (const v1::LatencyBucket& bucket : periods.latency()) count += bucket.count();
  return count;
}

// How long the bucket in which the quantile lies says that it took: "up to 8.0 us".
std::string QuantileText(const v1::GracePeriods& periods, double quantile) {
  const double wanted = quantile * static_cast<double>(LatencyCount(periods));
  uint64_t seen = 0;
  uint64_t bound_ns = 0;
  for (const v1::LatencyBucket& bucket : periods.latency()) {
    if (bucket.upper_bound_ns() == 0) break;
    bound_ns = bucket.upper_bound_ns();
    seen += bucket.count();
    if (static_cast<double>(seen) >= wanted) return "up to " + Nanoseconds(bound_ns);
  }
  return "over " + Nanoseconds(bound_ns);
}

std::string LatencyText(const v1::GracePeriods& periods) {
  return absl::StrCat("of all, p50 ", QuantileText(periods, 0.5), ", p99 ",
                      QuantileText(periods, 0.99), ", mean ",
                      Nanoseconds(periods.latency_sum_ns() / LatencyCount(periods)));
}

std::string HoldoutsText(const v1::GracePeriods& periods) {
  std::string text = WithCommas(periods.holdouts());
  if (!periods.has_last_holdout()) return text;
  const v1::Holdout& last = periods.last_holdout();
  absl::StrAppend(&text, "; the newest had waited ", Nanoseconds(last.waited_ns()));
  // Flavor rseq does not know its readers.
  if (last.tid() == 0) return text;
  return absl::StrCat(text, " for thread ", Printable(last.thread_name()), " (tid ",
                      last.tid(), ")");
}

std::string MembarrierText(const v1::GetStatusResponse& status) {
  const v1::Membarrier& membarrier = status.membarrier();
  std::string text =
      absl::StrCat("calls: ", WithCommas(membarrier.expedited_calls()), " expedited, ",
                   WithCommas(membarrier.non_expedited_calls()), " non-expedited, ",
                   WithCommas(membarrier.global_expedited_calls()), " global-expedited");
  if (status.membarrier_mode() == v1::ADAPTIVE) {
    absl::StrAppend(&text, "; budget ", WithCommas(membarrier.expedited_budget()),
                    " expedited a second");
  }
  return text;
}

std::string ProtectionText(const v1::GetStatusResponse& status) {
  std::string text = NameOf(status.flavor());
  if (status.membarrier_mode() != v1::MEMBARRIER_MODE_UNSPECIFIED) {
    absl::StrAppend(&text, ", membarrier ", NameOf(status.membarrier_mode()));
  }
  if (status.reclaim_mode() != v1::RECLAIM_MODE_UNSPECIFIED) {
    absl::StrAppend(&text, ", reclaim ", NameOf(status.reclaim_mode()));
  }
  if (status.read_section() != v1::SECTION_UNSPECIFIED) {
    absl::StrAppend(&text, ", read section ", NameOf(status.read_section()));
  }
  return text;
}

std::string Uptime(double seconds) {
  return absl::FormatDuration(absl::Trunc(absl::Seconds(seconds), absl::Seconds(1)));
}

}  // namespace

std::string NameOf(v1::Flavor flavor) {
  return LowerCase(v1::Flavor_Name(flavor), flavor);
}

std::string NameOf(v1::MembarrierMode mode) {
  if (mode == v1::MEMBARRIER_MODE_UNSPECIFIED) return "none";
  return absl::StrReplaceAll(LowerCase(v1::MembarrierMode_Name(mode), mode),
                             {{"_", "-"}});
}

std::string NameOf(v1::ReclaimMode mode) {
  if (mode == v1::RECLAIM_MODE_UNSPECIFIED) return "none";
  return LowerCase(v1::ReclaimMode_Name(mode), mode);
}

std::string NameOf(v1::ReadSection section) {
  const std::string name = LowerCase(v1::ReadSection_Name(section), section);
  return name.starts_with("section_") ? name.substr(8) : name;
}

std::string StatusText(const v1::GetStatusResponse& status) {
  std::string text;
  AppendRow(text, "server",
            absl::StrCat("rcukv ", status.version(), ", pid ", status.pid(), ", up ",
                         Uptime(status.uptime_seconds())));
  AppendRow(text, "store", status.store());
  if (!status.write_failure().empty()) {
    AppendRow(text, "WRITES STOPPED", Printable(status.write_failure()));
  }
  AppendRow(text, "protection", ProtectionText(status));
  AppendRow(text, "grace periods", GracePeriodsText(status.grace_periods()));
  if (LatencyCount(status.grace_periods()) > 0) {
    AppendRow(text, "", LatencyText(status.grace_periods()));
  }
  AppendRow(text, "holdouts", HoldoutsText(status.grace_periods()));
  if (status.membarrier_mode() != v1::MEMBARRIER_MODE_UNSPECIFIED) {
    AppendRow(text, "membarrier", MembarrierText(status));
  }
  AppendRow(text, "backlog",
            absl::StrCat(Count(status.backlog().entries(), "entry", "entries"), ", ",
                         Bytes(status.backlog().bytes()), " of ",
                         Bytes(status.backlog().limit_bytes())));
  AppendRow(text, "readers", WithCommas(status.readers()));
  AppendRow(text, "revision", WithCommas(status.revision()));
  AppendRow(text, "calls",
            absl::StrCat(WithCommas(status.calls()), " by ",
                         Count(status.threads(), "thread", "threads")));
  AppendRow(text, "cpu", absl::StrFormat("%.2f s", status.process_cpu_seconds()));
  AppendRow(
      text, "memory",
      absl::StrCat(Bytes(status.memory().allocated_bytes()), " allocated, ",
                   Bytes(status.memory().resident_bytes()), " resident; the process has ",
                   Bytes(status.memory().process_resident_bytes())));
  absl::StrAppend(&text, "\n", TablesText(status.tables()));
  return text;
}

std::string TablesText(const google::protobuf::RepeatedPtrField<v1::TableInfo>& tables) {
  int width = 5;  // Of the heading.
  for (const v1::TableInfo& table : tables) {
    width = std::max(width, static_cast<int>(table.name().size()));
  }
  std::string text = absl::StrFormat("%-*s %15s %12s %12s\n", width, "TABLE", "ENTRIES",
                                     "BYTES", "BUCKETS");
  for (const v1::TableInfo& table : tables) {
    absl::StrAppendFormat(&text, "%-*s %15s %12s %12s\n", width, table.name(),
                          WithCommas(table.entries()), Bytes(table.bytes()),
                          Bytes(table.bucket_bytes()));
  }
  return text;
}

bool WasCutShort(const v1::RunLookupsResponse& response, absl::Duration asked) {
  // An empty table ends them at once. A millisecond, their unit, is for rounding.
  return response.lookups() > 0 &&
         absl::Seconds(response.seconds()) < asked - absl::Milliseconds(1);
}

std::string LookupsText(const v1::RunLookupsResponse& response, absl::Duration asked) {
  if (response.lookups() == 0) return "the table is empty: there is nothing to look up\n";
  std::string text;
  AppendRow(text, "lookups",
            absl::StrCat(WithCommas(response.lookups()), ", ",
                         WithCommas(response.hits()), " of them hits"));
  AppendRow(text, "rate",
            absl::StrCat(WithCommas(static_cast<uint64_t>(response.reads_per_second())),
                         " reads/s"));
  AppendRow(text, "reader",
            absl::StrFormat("%.1f ns CPU a read", response.reader_ns_per_read()));
  std::string took = absl::StrFormat("%.3f s", response.seconds());
  if (WasCutShort(response, asked)) {
    absl::StrAppendFormat(&took, " of the %g s asked for: the server cut it short",
                          absl::ToDoubleSeconds(asked));
  }
  AppendRow(text, "took", took);
  return text;
}

}  // namespace rcukv::cli
