#include "loadtest/workload/server_facts.h"

#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cpp/admin_client.h"

namespace rcukv::loadtest {
namespace {

// As an enumerator's name is told: "call_rcu"; "per_key" for SECTION_PER_KEY.
std::string Spelled(const std::string& enumerator) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(enumerator), {{"section_", ""}});
}

}  // namespace

ServerFacts FactsOf(const v1::GetStatusResponse& status) {
  ServerFacts facts = {.version = status.version(), .settings = {}};
  const auto add = [&](const char* name, bool known, const std::string& value) {
    if (known) facts.settings.emplace_back(name, Spelled(value));
  };
  add("store", !status.store().empty(), status.store());
  add("flavor", status.flavor() != v1::FLAVOR_UNSPECIFIED,
      v1::Flavor_Name(status.flavor()));
  add("membarrier_mode", status.membarrier_mode() != v1::MEMBARRIER_MODE_UNSPECIFIED,
      v1::MembarrierMode_Name(status.membarrier_mode()));
  add("reclaim", status.reclaim_mode() != v1::RECLAIM_MODE_UNSPECIFIED,
      v1::ReclaimMode_Name(status.reclaim_mode()));
  add("read_section", status.read_section() != v1::SECTION_UNSPECIFIED,
      v1::ReadSection_Name(status.read_section()));
  add("threads", status.threads() > 0, absl::StrCat(status.threads()));
  return facts;
}

absl::StatusOr<ServerFacts> AskServer(const std::string& admin_address,
                                      absl::Duration timeout) {
  const absl::StatusOr<std::unique_ptr<AdminClient>> client = AdminClient::Connect(
      admin_address, {.connect_timeout = timeout, .call_timeout = timeout});
  if (!client.ok()) return client.status();
  const absl::StatusOr<v1::GetStatusResponse> status = (*client)->GetStatus();
  if (!status.ok()) return status.status();
  return FactsOf(*status);
}

std::string ToString(const ServerFacts& facts) {
  std::string text = absl::StrCat("rcukv ", facts.version);
  for (const auto& [name, value] : facts.settings) {
    absl::StrAppend(&text, ", ", name, " ", value);
  }
  return text;
}

}  // namespace rcukv::loadtest
