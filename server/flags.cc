#include "server/flags.h"

#include <cstdint>
#include <fstream>
#include <functional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/flags/commandlineflag.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "rcu/entry.h"
#include "rcu/membarrier.h"
#include "server/flag_types.h"
#include "server/service/version.h"
#include "server/store/durable_log.h"
#include "server/table/protection.h"

namespace rcukv {
namespace {

// Values are answered within Limits::max_response_bytes, with room to spare.
constexpr uint64_t kMostValueBytes = 32 << 20;

using Threads = Number<0, 256>;
using KeyBytes = Bytes<1, rcu::Entry::kMaxKeyBytes>;
using ValueBytes = Bytes<1, kMostValueBytes>;
using BatchKeys = Number<1, 1'000'000>;
using TxnOperations = Number<1, 10'000>;
using TxnBytes = Bytes<1, 64 << 20>;
using MemoryBytes = Bytes<0, UINT64_MAX>;
using Watches = Number<1, 1'000'000>;
using ProgressInterval = Milliseconds<10, 24 * 3'600'000>;
using Budget = Number<0, 1'000'000>;
using HoldoutLimit = Milliseconds<1, 24 * 3'600'000>;

}  // namespace

template <>
Names<Flavor> NamesOf() {
  Names<Flavor> names;
  for (Flavor flavor : AllFlavors()) {
    names.allowed.push_back({FlavorName(flavor), flavor});
  }
  return names;
}

template <>
Names<rcu::MembarrierMode> NamesOf() {
  return {.allowed = {{"expedited", rcu::MembarrierMode::kExpedited},
                      {"non_expedited", rcu::MembarrierMode::kNonExpedited},
                      {"non-expedited", rcu::MembarrierMode::kNonExpedited},
                      {"global_expedited", rcu::MembarrierMode::kGlobalExpedited},
                      {"global-expedited", rcu::MembarrierMode::kGlobalExpedited},
                      {"adaptive", rcu::MembarrierMode::kAdaptive}},
          .later = {}};
}

template <>
Names<ReclaimMode> NamesOf() {
  return {.allowed = {{"call_rcu", ReclaimMode::kCallRcu},
                      {"synchronize", ReclaimMode::kSynchronize}},
          .later = {}};
}

template <>
Names<ReadSection> NamesOf() {
  return {.allowed = {{"per_batch", ReadSection::kPerBatch},
                      {"per_key", ReadSection::kPerKey}},
          .later = {}};
}

template <>
Names<bool> NamesOf() {
  return {.allowed = {{"true", true}, {"false", false}}, .later = {}};
}

template <>
Names<RcuFallback> NamesOf() {
  return {.allowed = {{"mb", RcuFallback::kMb}, {"refuse", RcuFallback::kRefuse}},
          .later = {}};
}

template <>
Names<StoreKind> NamesOf() {
  return {.allowed = {{"memory", StoreKind::kMemory}, {"rocksdb", StoreKind::kRocksDb}},
          .later = {"etcd"}};
}

template <>
Names<Durability> NamesOf() {
  return {.allowed = {{"sync", Durability::kSync}, {"async", Durability::kAsync}},
          .later = {}};
}

}  // namespace rcukv

ABSL_FLAG(rcukv::Address, listen, {"127.0.0.1:7700"},
          "HOST:PORT where KeyValueService listens; port 0 is any free one. There is no "
          "authentication: listen on loopback, or where everyone may read and write.");
ABSL_FLAG(rcukv::Address, admin_listen, {"127.0.0.1:7701"},
          "HOST:PORT where AdminService listens.");
ABSL_FLAG(rcukv::Choice<rcukv::StoreKind>, store, {rcukv::StoreKind::kRocksDb},
          "Where writes go. rocksdb: into --data_dir, and loaded from there at the next "
          "start. memory: nowhere but the tables; gone with the process.");
ABSL_FLAG(
    std::string, data_dir, "rcukv-data",
    "The directory of --store=rocksdb; relative to where the server is started. It is "
    "made where there is none, and no other server can have it open.");
ABSL_FLAG(
    std::string, backup_dir, "",
    "The directory, which exists, that `rcukv backup` makes copies below, and nowhere "
    "else. Empty: a backup names any absolute path.");
ABSL_FLAG(
    rcukv::Choice<rcukv::Durability>, durability, {rcukv::Durability::kSync},
    "When --store=rocksdb answers a write. sync: when the disk has it; nothing that "
    "was answered is lost. async: when the system has it; the end of the process "
    "loses nothing, a loss of power or a crash of the system the newest writes, "
    "some tens of seconds.");
ABSL_FLAG(rcukv::Choice<rcukv::Flavor>, rcu_flavor, {rcukv::Flavor::kMemb},
          "What protects readers. RCU: memb, compiler barriers in readers and membarrier "
          "in the writer; mb, a full fence in readers; signal, compiler barriers in "
          "readers and a signal to each of them; qsbr, readers announce when they are "
          "through; rseq, sections counted per CPU, and membarrier. For comparison: "
          "rwlock, mutex.");
ABSL_FLAG(rcukv::Choice<rcu::MembarrierMode>, membarrier_mode,
          {rcu::MembarrierMode::kExpedited},
          "How memb and rseq make readers fence. expedited: interrupts the CPUs that run "
          "this process, microseconds. non_expedited: waits for the scheduler, "
          "milliseconds. global_expedited: interrupts every process that asked for it. "
          "adaptive: expedited for writers that wait, within --expedited_budget, "
          "non_expedited for what is freed in the background. Other flavors ignore it. "
          "AdminService changes it at run time.");
ABSL_FLAG(rcukv::Budget, expedited_budget, {1000},
          "Expedited membarriers a second that --membarrier_mode=adaptive may make, 0 to "
          "1000000.");
ABSL_FLAG(rcukv::HoldoutLimit, holdout_limit, {absl::Seconds(1)},
          "A grace period that waits for a reader for longer is counted, and reported on "
          "stderr; 1ms to 24h.");
ABSL_FLAG(rcukv::Choice<rcukv::RcuFallback>, rcu_fallback, {rcukv::RcuFallback::kMb},
          "What to do where the system refuses or lacks what --rcu_flavor or "
          "--membarrier_mode needs. mb: say so, and serve with flavor mb. refuse: end "
          "with an error.");
ABSL_FLAG(rcukv::Choice<rcukv::ReclaimMode>, reclaim, {rcukv::ReclaimMode::kCallRcu},
          "How replaced entries are freed. call_rcu: in the background. synchronize: "
          "before their writers are answered. AdminService changes it at run time.");
ABSL_FLAG(rcukv::Choice<rcukv::ReadSection>, read_section,
          {rcukv::ReadSection::kPerBatch},
          "What one read-side critical section of a BatchGet covers: per_batch or "
          "per_key.");
ABSL_FLAG(rcukv::Choice<bool>, reflection, {true},
          "Whether --admin_listen describes the API (gRPC server reflection), to grpcurl "
          "and the like. --listen does not.");
ABSL_FLAG(rcukv::Threads, threads, {0},
          "Serving threads, 0 to 256. 0: one for every two cores.");
ABSL_FLAG(rcukv::KeyBytes, max_key_bytes, {4096}, "The longest key, up to 65535.");
ABSL_FLAG(rcukv::ValueBytes, max_value_bytes, {1 << 20},
          "The longest value, up to 32MiB.");
ABSL_FLAG(rcukv::BatchKeys, max_batch_keys, {10'000},
          "The most keys of one BatchGet, and writes of one BatchWrite, up to 1000000.");
ABSL_FLAG(rcukv::TxnOperations, max_txn_operations, {128},
          "The most compares of one Txn, and operations of each of its branches, up to "
          "10000.");
ABSL_FLAG(rcukv::TxnBytes, max_txn_bytes, {16 << 20},
          "The largest request of a Txn, up to 64MiB. It holds up the writes behind it.");
ABSL_FLAG(rcukv::MemoryBytes, memory_limit, {0},
          "What all tables together may take, such as 4GiB; past it writes that add to "
          "them are refused. 0: no limit.");

ABSL_FLAG(rcukv::MemoryBytes, watch_history_bytes, {16 << 20},
          "What may be kept of the newest changes for watches to read, beside "
          "--memory_limit. A watch that falls behind it is ended, and begins anew. 0: "
          "nothing can be watched.");
ABSL_FLAG(rcukv::Watches, max_watches, {10'000},
          "The most watches at a time, 1 to 1000000.");
ABSL_FLAG(
    rcukv::ProgressInterval, watch_progress_interval, {absl::Seconds(5)},
    "A watch to which nothing is told, though something else changes, learns within "
    "this time how far revisions have come; 10ms to 24h.");

namespace rcukv {
namespace {

// In the order of the help.
constexpr std::string_view kFlagNames[] = {
    "listen",        "admin_listen",        "reflection",       "store",
    "data_dir",      "durability",          "backup_dir",       "memory_limit",
    "rcu_flavor",    "membarrier_mode",     "expedited_budget", "rcu_fallback",
    "reclaim",       "holdout_limit",       "read_section",     "threads",
    "max_key_bytes", "max_value_bytes",     "max_batch_keys",   "max_txn_operations",
    "max_txn_bytes", "watch_history_bytes", "max_watches",      "watch_progress_interval",
};

absl::CommandLineFlag* FindFlag(std::string_view name) {
  for (std::string_view known : kFlagNames) {
    if (known == name) return absl::FindCommandLineFlag({name.data(), name.size()});
  }
  return nullptr;
}

absl::Status Invalid(std::string message) { return absl::InvalidArgumentError(message); }

// The names of the flags that were set.
using Given = std::set<std::string, std::less<>>;

absl::Status SetFlag(std::string_view name, std::string_view value, Given* given) {
  absl::CommandLineFlag* flag = FindFlag(name);
  if (flag == nullptr) {
    return Invalid(absl::StrCat("unknown flag --", std::string(name),
                                "; --help lists those there are"));
  }
  std::string error;
  if (!flag->ParseFrom({value.data(), value.size()}, &error)) return Invalid(error);
  given->emplace(name);
  return absl::OkStatus();
}

// Who says where or how data is to be kept means it to be kept.
absl::Status CheckStore(const Given& given) {
  if (absl::GetFlag(FLAGS_store).value != StoreKind::kMemory) return absl::OkStatus();
  for (const char* name : {"data_dir", "durability", "backup_dir"}) {
    if (!given.contains(name)) continue;
    return Invalid(absl::StrCat("--", name, " is of no use to --store=memory, which ",
                                "keeps nothing; leave out one of the two"));
  }
  return absl::OkStatus();
}

// "--name=value" or "--name" in two parts.
struct Argument {
  std::string_view name;
  std::string_view value;
  bool has_value = false;
};

absl::StatusOr<Argument> Split(std::string_view argument) {
  if (!argument.starts_with("--") || argument == "--") {
    return Invalid(absl::StrCat("'", std::string(argument),
                                "' is not a flag; flags are --name=value"));
  }
  argument.remove_prefix(2);
  const size_t equals = argument.find('=');
  if (equals == std::string_view::npos) return Argument{.name = argument, .value = {}};
  return Argument{.name = argument.substr(0, equals),
                  .value = argument.substr(equals + 1),
                  .has_value = true};
}

absl::Status SetFlagOfLine(std::string_view line, Given* given) {
  const absl::StatusOr<Argument> argument = Split(line);
  if (!argument.ok()) return argument.status();
  if (!argument->has_value) {
    return Invalid(absl::StrCat("'", std::string(line), "' has no =value"));
  }
  return SetFlag(argument->name, argument->value, given);
}

std::string_view Trimmed(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r";
  const size_t begin = line.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(kBlanks) - begin + 1);
}

absl::Status ReadFlagFile(std::string_view path, Given* given) {
  std::ifstream file{std::string(path)};
  if (!file) {
    return Invalid(absl::StrCat("--flagfile=", std::string(path), ": cannot be read"));
  }
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const std::string_view trimmed = Trimmed(line);
    if (trimmed.empty() || trimmed.front() == '#') continue;
    const absl::Status status = SetFlagOfLine(trimmed, given);
    if (status.ok()) continue;
    return Invalid(absl::StrCat("--flagfile=", std::string(path), ", line ", number, ": ",
                                std::string(status.message())));
  }
  // getline ends at the end, or where reading fails: a directory opens, but cannot be
  // read.
  if (file.bad()) {
    return Invalid(absl::StrCat("--flagfile=", std::string(path), ": cannot be read"));
  }
  return absl::OkStatus();
}

// `text` in lines of at most `width`, each indented.
std::string Wrapped(std::string_view text, size_t width, std::string_view indent) {
  std::string lines;
  while (!text.empty()) {
    size_t end = text.size();
    if (end > width) {
      end = text.rfind(' ', width);
      if (end == std::string_view::npos) end = text.size();
    }
    lines.append(indent).append(text.substr(0, end)).append("\n");
    text.remove_prefix(end);
    if (!text.empty()) text.remove_prefix(1);
  }
  return lines;
}

}  // namespace

absl::StatusOr<Command> ParseFlags(absl::Span<const char* const> arguments) {
  Given given;
  for (size_t i = 0; i < arguments.size(); ++i) {
    absl::StatusOr<Argument> argument = Split(arguments[i]);
    if (!argument.ok()) return argument.status();
    if (argument->name == "help") return Command::kHelp;
    if (argument->name == "version") return Command::kVersion;
    const bool is_file = argument->name == "flagfile";
    if (!argument->has_value && (is_file || FindFlag(argument->name) != nullptr)) {
      if (++i == arguments.size()) {
        return Invalid(absl::StrCat("--", std::string(argument->name), " has no value"));
      }
      argument->value = arguments[i];
    }
    const absl::Status status = is_file
                                    ? ReadFlagFile(argument->value, &given)
                                    : SetFlag(argument->name, argument->value, &given);
    if (!status.ok()) return status;
  }
  if (absl::Status status = CheckStore(given); !status.ok()) return status;
  return Command::kServe;
}

ServerOptions OptionsFromFlags() {
  ServerOptions options;
  options.listen = absl::GetFlag(FLAGS_listen).host_port;
  options.admin_listen = absl::GetFlag(FLAGS_admin_listen).host_port;
  options.flavor = absl::GetFlag(FLAGS_rcu_flavor).value;
  options.membarrier_mode = absl::GetFlag(FLAGS_membarrier_mode).value;
  options.expedited_budget = absl::GetFlag(FLAGS_expedited_budget).value;
  options.holdout_limit =
      absl::ToChronoNanoseconds(absl::GetFlag(FLAGS_holdout_limit).value);
  options.fallback = absl::GetFlag(FLAGS_rcu_fallback).value;
  options.reclaim = absl::GetFlag(FLAGS_reclaim).value;
  options.read_section = absl::GetFlag(FLAGS_read_section).value;
  options.store = absl::GetFlag(FLAGS_store).value;
  options.data_dir = absl::GetFlag(FLAGS_data_dir);
  options.durability = absl::GetFlag(FLAGS_durability).value;
  options.backup_dir = absl::GetFlag(FLAGS_backup_dir);
  options.reflection = absl::GetFlag(FLAGS_reflection).value;
  options.threads = static_cast<uint32_t>(absl::GetFlag(FLAGS_threads).value);
  options.limits.max_key_bytes = absl::GetFlag(FLAGS_max_key_bytes).value;
  options.limits.max_value_bytes = absl::GetFlag(FLAGS_max_value_bytes).value;
  options.limits.max_batch_keys = absl::GetFlag(FLAGS_max_batch_keys).value;
  options.limits.max_txn_operations = absl::GetFlag(FLAGS_max_txn_operations).value;
  options.limits.max_txn_bytes = absl::GetFlag(FLAGS_max_txn_bytes).value;
  options.watches.max_bytes = absl::GetFlag(FLAGS_watch_history_bytes).value;
  options.watches.max_watches = absl::GetFlag(FLAGS_max_watches).value;
  options.watch_progress_interval =
      absl::ToChronoMilliseconds(absl::GetFlag(FLAGS_watch_progress_interval).value);
  options.memory_limit_bytes = absl::GetFlag(FLAGS_memory_limit).value;
  return options;
}

std::string FlagsHelp() {
  std::string help = absl::StrCat(
      "rcukv_server ", std::string(kVersion),
      ": a read-mostly key-value server over gRPC, its tables protected by RCU.\n\n"
      "Usage: rcukv_server [--flag=value]...\n\n");
  for (std::string_view name : kFlagNames) {
    const absl::CommandLineFlag* flag = FindFlag(name);
    absl::StrAppend(&help, "  --", std::string(name), "=", flag->DefaultValue(), "\n",
                    Wrapped(flag->Help(), 80, "      "));
  }
  absl::StrAppend(&help,
                  "  --flagfile=PATH\n      Flags from a file, one a line.\n"
                  "  --help, --version\n\n"
                  "It prints one line when it listens. SIGTERM or SIGINT: it answers the "
                  "calls in\nflight, ten seconds at most, and exits with 0. Exit code 2: "
                  "a wrong flag; 1: any\nother error.\n");
  return help;
}

}  // namespace rcukv
