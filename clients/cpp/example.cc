// A tiny program on the rcukv client: writes a few entries and reads them back.
//
//   bazel run //clients/cpp:example -- 127.0.0.1:7700

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "clients/cpp/client.h"

namespace {

absl::Status Run(const std::string& address) {
  auto connected = rcukv::Client::Connect(address);
  if (!connected.ok()) return connected.status();
  const std::unique_ptr<rcukv::Client> client = *std::move(connected);

  for (const std::string fruit : {"apple", "lime", "plum"}) {
    auto revision = client->Put("example/" + fruit, "a " + fruit);
    if (!revision.ok()) return revision.status();
  }

  auto value = client->Get("example/lime");
  if (!value.ok()) return value.status();
  if (value->has_value()) std::cout << "lime: " << (*value)->value << "\n";

  rcukv::Scanner scanner = client->Scan({.prefix = "example/"});
  while (const rcukv::Entry* entry = scanner.Next()) {
    std::cout << entry->key << " has revision " << entry->mod_revision << "\n";
  }
  return scanner.status();
}

}  // namespace

int main(int argc, char** argv) {
  const absl::Status status = Run(argc > 1 ? argv[1] : "127.0.0.1:7700");
  if (status.ok()) return EXIT_SUCCESS;
  std::cerr << status << "\n";
  return EXIT_FAILURE;
}
