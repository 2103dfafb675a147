// The flags of one command: their values, limits and help.
//
//   int rounds = 5;
//   FlagSet flags;
//   flags.Add("rounds", "how often each strategy has its turn", &rounds, 1, 1000);
//   absl::Status status = flags.Parse({"--rounds=7"});
//
// Unlike absl::GetFlag's, these belong to a command rather than to the process, are kept
// within limits, and a mistake is returned rather than the end of the program.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_BASE_FLAG_SET_H_
#define RCUKV_LOADTEST_BASE_FLAG_SET_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace rcukv::loadtest {

class FlagSet {
 public:
  // What follows `--name=`, as a Status.
  using Setter = std::function<absl::Status(const std::string& text)>;

  // Each of these adds a flag whose default is what its target holds. Targets outlive the
  // set. Limits are inclusive.
  void Add(std::string name, std::string help, int64_t* target, int64_t min, int64_t max);
  void Add(std::string name, std::string help, double* target, double min, double max);
  void Add(std::string name, std::string help, std::string* target);
  // `--name` or `--name=true`, `--name=false`.
  void Add(std::string name, std::string help, bool* target);
  // Anything else; `shown` is the default as the help shows it.
  void Add(std::string name, std::string help, std::string shown, Setter set);

  // Takes `--name=value` arguments. INVALID_ARGUMENT names the argument and what it must
  // be; what stands before it has been set.
  absl::Status Parse(const std::vector<std::string>& arguments);

  // A line a flag.
  std::string Help() const;

 private:
  struct Flag {
    std::string name;
    std::string help;
    std::string shown;
    Setter set;
    // May stand without a value.
    bool is_switch = false;
  };

  absl::Status ParseOne(const std::string& argument);
  // For an error.
  std::string Names() const;

  std::vector<Flag> flags_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_BASE_FLAG_SET_H_
