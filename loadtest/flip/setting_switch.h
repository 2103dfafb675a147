// Switches a server from setting to setting, and puts back in the end what was set when
// it was first asked.
//
//   SettingSwitch settings(source);
//   absl::Status status = settings.Begin();
//   status.Update(settings.Set({v1::ADAPTIVE, v1::SYNCHRONIZE}));
//   ...
//   status.Update(settings.Restore());
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_FLIP_SETTING_SWITCH_H_
#define RCUKV_LOADTEST_FLIP_SETTING_SWITCH_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "loadtest/flip/flip_setting.h"
#include "loadtest/flip/status_source.h"

namespace rcukv::loadtest {

class SettingSwitch {
 public:
  // The source outlives it.
  explicit SettingSwitch(StatusSource& source) : source_(source) {}

  // Puts back what was set, where nobody has done so; whoever wants to know whether that
  // worked calls Restore().
  ~SettingSwitch() { Restore().IgnoreError(); }

  SettingSwitch(const SettingSwitch&) = delete;
  SettingSwitch& operator=(const SettingSwitch&) = delete;

  // Learns what is set. Returns what the server says. FAILED_PRECONDITION: its flavor has
  // no membarrier modes; the message says what to do.
  absl::StatusOr<v1::GetStatusResponse> Begin();

  // After Begin(). An error names the setting.
  absl::Status Set(const FlipSetting& setting);

  // Puts back what Begin() found; OK where Set() was not called since. An error says what
  // should have been set, and how to set it by hand. It is not tried a second time.
  absl::Status Restore();

 private:
  StatusSource& source_;
  FlipSetting before_;
  bool changed_ = false;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_SETTING_SWITCH_H_
