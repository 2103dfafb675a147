#include "server/service/wire.h"

#include <bit>
#include <cstring>

#include "server/service/wire_reader.h"

namespace rcukv {
namespace {

// Tags below are single bytes: every field number here is under 16.
size_t VarintBytes(uint64_t value) {
  return static_cast<size_t>(std::bit_width(value | 1) + 6) / 7;
}

char* WriteVarint(uint64_t value, char* at) {
  for (; value >= 0x80; value >>= 7) *at++ = static_cast<char>(value | 0x80);
  *at++ = static_cast<char>(value);
  return at;
}

// proto3 leaves out what has the default value: an integer 0, empty bytes.
size_t VarintFieldBytes(uint64_t value) {
  return value == 0 ? 0 : 1 + VarintBytes(value);
}

char* WriteVarintField(uint32_t field, uint64_t value, char* at) {
  if (value == 0) return at;
  *at++ = static_cast<char>(VarintTag(field));
  return WriteVarint(value, at);
}

size_t BytesFieldBytes(std::string_view value) {
  return value.empty() ? 0 : 1 + VarintBytes(value.size()) + value.size();
}

char* WriteBytesField(uint32_t field, std::string_view value, char* at) {
  if (value.empty()) return at;
  *at++ = static_cast<char>(LengthDelimitedTag(field));
  at = WriteVarint(value.size(), at);
  std::memcpy(at, value.data(), value.size());
  return at + value.size();
}

// An embedded message is there even when it is empty.
size_t MessageFieldBytes(size_t body) { return 1 + VarintBytes(body) + body; }

char* WriteMessageHead(uint32_t field, size_t body, char* at) {
  *at++ = static_cast<char>(LengthDelimitedTag(field));
  return WriteVarint(body, at);
}

// `bytes` of a message that holds the entry's value, without those of a value that is
// referred to.
size_t CopiedBytes(const rcu::Entry& entry, size_t bytes) {
  return entry.shareable() ? bytes - entry.value().size() : bytes;
}

// The entry's value, into what was appended to `out` last.
char* WriteValueField(uint32_t field, const rcu::Entry& entry, char* at,
                      OutputBuffer* out) {
  if (!entry.shareable()) return WriteBytesField(field, entry.value(), at);
  at = WriteMessageHead(field, entry.value().size(), at);
  out->Refer(entry, at);
  return at;
}

// rcukv.v1.Entry, but for its value.
size_t EntryBytesWithoutValue(const rcu::Entry& entry) {
  return BytesFieldBytes(entry.key()) + VarintFieldBytes(entry.mod_revision()) +
         VarintFieldBytes(entry.create_revision()) +
         VarintFieldBytes(entry.expire_time());
}

size_t EntryBytes(const rcu::Entry& entry) {
  return EntryBytesWithoutValue(entry) + BytesFieldBytes(entry.value());
}

char* WriteRevisions(const rcu::Entry& entry, char* at) {
  at = WriteVarintField(3, entry.mod_revision(), at);
  at = WriteVarintField(4, entry.create_revision(), at);
  return WriteVarintField(5, entry.expire_time(), at);
}

// As a field of the message around it.
char* WriteEntry(uint32_t field, const rcu::Entry& entry, char* at, OutputBuffer* out) {
  at = WriteMessageHead(field, EntryBytes(entry), at);
  at = WriteBytesField(1, entry.key(), at);
  at = WriteValueField(2, entry, at, out);
  return WriteRevisions(entry, at);
}

char* WriteEntryWithoutValue(const rcu::Entry& entry, char* at) {
  at = WriteMessageHead(1, EntryBytesWithoutValue(entry), at);
  at = WriteBytesField(1, entry.key(), at);
  return WriteRevisions(entry, at);
}

// rcukv.v1.BatchGetResponse.Result; `found` is true where there is an entry.
size_t ResultBytes(const rcu::Entry* entry) {
  if (entry == nullptr) return 0;
  return VarintFieldBytes(true) + BytesFieldBytes(entry->value()) +
         VarintFieldBytes(entry->mod_revision());
}

char* WriteFound(const rcu::Entry& entry, char* at, OutputBuffer* out) {
  at = WriteVarintField(1, true, at);
  at = WriteValueField(2, entry, at, out);
  return WriteVarintField(3, entry.mod_revision(), at);
}

}  // namespace

absl::Status DecodeGetRequest(std::string_view bytes, GetRequestView* request) {
  *request = {};
  WireReader in("GetRequest", bytes);
  while (const uint32_t tag = in.NextTag()) {
    switch (tag) {
      case LengthDelimitedTag(1):
        in.ReadString(&request->table);
        break;
      case LengthDelimitedTag(2):
        in.ReadBytes(&request->key);
        break;
      case VarintTag(3):
        in.ReadVarint(&request->min_revision);
        break;
      default:
        in.Skip(tag);
    }
  }
  return in.status();
}

absl::Status DecodeBatchGetRequest(std::string_view bytes, size_t max_kept_keys,
                                   BatchGetRequestView* request) {
  request->table = {};
  request->keys.clear();
  request->key_count = 0;
  request->min_revision = 0;
  request->consistency = 0;
  WireReader in("BatchGetRequest", bytes);
  while (const uint32_t tag = in.NextTag()) {
    switch (tag) {
      case LengthDelimitedTag(1):
        in.ReadString(&request->table);
        break;
      case LengthDelimitedTag(2): {
        std::string_view key;
        in.ReadBytes(&key);
        if (request->key_count++ < max_kept_keys) request->keys.push_back(key);
        break;
      }
      case VarintTag(3):
        in.ReadVarint(&request->min_revision);
        break;
      case VarintTag(4): {
        uint64_t consistency = 0;
        in.ReadVarint(&consistency);
        request->consistency = static_cast<int32_t>(consistency);
        break;
      }
      default:
        in.Skip(tag);
    }
  }
  return in.status();
}

size_t GetResponseBytes(const rcu::Entry* entry, uint64_t revision) {
  const size_t entry_field = entry == nullptr ? 0 : MessageFieldBytes(EntryBytes(*entry));
  return entry_field + VarintFieldBytes(revision);
}

void EncodeGetResponse(const rcu::Entry* entry, uint64_t revision, OutputBuffer* out) {
  const size_t bytes = GetResponseBytes(entry, revision);
  char* at = out->Append(entry == nullptr ? bytes : CopiedBytes(*entry, bytes));
  if (entry != nullptr) at = WriteEntry(1, *entry, at, out);
  WriteVarintField(2, revision, at);
}

void EncodeTxnGet(const rcu::Entry* entry, uint64_t revision, OutputBuffer* out) {
  const size_t get = GetResponseBytes(entry, revision);
  const size_t response = MessageFieldBytes(get);
  char* at = out->Append(MessageFieldBytes(response) - get);
  at = WriteMessageHead(3, response, at);
  WriteMessageHead(1, get, at);
  EncodeGetResponse(entry, revision, out);
}

size_t BatchGetResultsBytes(absl::Span<const rcu::Entry* const> entries) {
  size_t bytes = 0;
  for (const rcu::Entry* entry : entries) bytes += MessageFieldBytes(ResultBytes(entry));
  return bytes;
}

void EncodeBatchGetResults(absl::Span<const rcu::Entry* const> entries,
                           OutputBuffer* out) {
  size_t bytes = 0;
  for (const rcu::Entry* entry : entries) {
    const size_t result = MessageFieldBytes(ResultBytes(entry));
    bytes += entry == nullptr ? result : CopiedBytes(*entry, result);
  }
  char* at = out->Append(bytes);
  for (const rcu::Entry* entry : entries) {
    at = WriteMessageHead(1, ResultBytes(entry), at);
    if (entry != nullptr) at = WriteFound(*entry, at, out);
  }
}

void EncodeBatchGetRevision(uint64_t revision, OutputBuffer* out) {
  WriteVarintField(2, revision, out->Append(VarintFieldBytes(revision)));
}

void EncodeWatchRevision(uint64_t revision, OutputBuffer* out) {
  WriteVarintField(1, revision, out->Append(VarintFieldBytes(revision)));
}

void EncodeWatchPut(const rcu::Entry& entry, OutputBuffer* out) {
  const size_t event = MessageFieldBytes(EntryBytes(entry));
  char* at = out->Append(CopiedBytes(entry, MessageFieldBytes(event)));
  at = WriteMessageHead(2, event, at);
  WriteEntry(2, entry, at, out);
}

void EncodeWatchDelete(const rcu::Entry& deleted, OutputBuffer* out) {
  constexpr uint64_t kDelete = 1;  // rcukv.v1.Event.Type
  const size_t entry =
      BytesFieldBytes(deleted.key()) + VarintFieldBytes(deleted.mod_revision());
  const size_t event = VarintFieldBytes(kDelete) + MessageFieldBytes(entry);
  char* at = out->Append(MessageFieldBytes(event));
  at = WriteMessageHead(2, event, at);
  at = WriteVarintField(1, kDelete, at);
  at = WriteMessageHead(2, entry, at);
  at = WriteBytesField(1, deleted.key(), at);
  WriteVarintField(3, deleted.mod_revision(), at);
}

void EncodeScanEntry(const rcu::Entry& entry, bool keys_only, OutputBuffer* out) {
  if (keys_only) {
    const size_t bytes = MessageFieldBytes(EntryBytesWithoutValue(entry));
    WriteEntryWithoutValue(entry, out->Append(bytes));
  } else {
    const size_t bytes = MessageFieldBytes(EntryBytes(entry));
    WriteEntry(1, entry, out->Append(CopiedBytes(entry, bytes)), out);
  }
}

}  // namespace rcukv
