// Internal to this library: the bytes of Get and BatchGet, without protobuf objects.
//
// A request is put together key by key as Gets come, and a response is read in place.
// What is written here is what protobuf would write. GetRequest and BatchGetRequest have
// their table and keys under the same numbers, so that a request of one key is both.
//
// Thread safety: functions of their arguments alone.
#ifndef RCUKV_CLIENTS_CPP_GET_WIRE_H_
#define RCUKV_CLIENTS_CPP_GET_WIRE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/types/span.h"
#include "clients/cpp/values.h"

namespace rcukv::internal {

// What the server says of one key, pointing into the response; nothing where there is no
// such key.
using GetResult = std::optional<ValueView>;

void AppendTable(std::string_view table, std::string* request);
void AppendKey(std::string_view key, std::string* request);

// The bytes that AppendKey appends.
size_t KeyFieldBytes(std::string_view key);

// False where `response`, which has less than 2 GiB, is not a GetResponse.
bool ReadGetResponse(std::string_view response, GetResult* result);

// False where `response` is not a BatchGetResponse of so many results. `results` are
// those of keys that do not exist, before.
bool ReadBatchGetResponse(std::string_view response, absl::Span<GetResult> results);

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_GET_WIRE_H_
