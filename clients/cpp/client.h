// A client of an rcukv server's key-value service.
//
//   auto client = rcukv::Client::Connect("127.0.0.1:7700");
//   if (!client.ok()) return client.status();
//   auto revision = (*client)->Put("colour", "green");
//   auto value = (*client)->Get("colour");
//   if (value.ok() && value->has_value()) std::cout << (*value)->value << "\n";
//
// A complete program: example.cc. Many writes in a row: bulk_writer.h. Looking after the
// server: admin_client.h.
//
// Thread safety: a Client may be used by any number of threads at once, and should be: it
// holds one connection, and calls share it. All but those whose names end with Async
// block the thread that makes them.
//
// Errors: the code and the message of the server, as documented in
// proto/rcukv/v1/kv.proto. Besides, UNAVAILABLE: the server cannot be reached;
// DEADLINE_EXCEEDED: no answer within the timeout, in which case a write may or may not
// have happened. No write is retried behind the caller's back. A key that does not exist
// is not an error.

#ifndef RCUKV_CLIENTS_CPP_CLIENT_H_
#define RCUKV_CLIENTS_CPP_CLIENT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "clients/cpp/entry.h"
#include "clients/cpp/options.h"
#include "clients/cpp/scanner.h"
#include "clients/cpp/txn.h"
#include "clients/cpp/values.h"

namespace rcukv {

namespace internal {
class Connection;
class GetGatherer;
class KeyValueConnection;
class WriteGatherer;
}  // namespace internal

// What a Delete did.
struct Deleted {
  // Whether the key existed.
  bool existed = false;
  // Of the delete; of the server where nothing was deleted.
  uint64_t revision = 0;
};

class Client {
 public:
  // Waits for the server at `address`, "host:port" or "unix:/path". UNAVAILABLE, with the
  // reason, when there is none within options.connect_timeout. Should the server go away
  // later, calls fail with UNAVAILABLE until it is back; the client reconnects by itself.
  static absl::StatusOr<std::unique_ptr<Client>> Connect(
      std::string address, const ClientOptions& options = {});

  ~Client();

  // The value of a key; nothing when there is no such key.
  //
  // Gets that are under way at the same time, of any number of threads, share calls to
  // the server: one goes out at once when no other is, and those that come meanwhile go
  // together next. That makes a Get among many several times cheaper, and a lone one not
  // slower. It changes nothing in what a Get means: it sees every write that was answered
  // before it, ends at its own deadline, and fails for reasons of its own alone.
  // ClientOptions::gather_gets = false has each make a call of its own.
  absl::StatusOr<std::optional<Value>> Get(std::string_view key,
                                           const ReadOptions& options = {}) const;

  // The same without waiting: `done` is called once with the result, in order of the
  // answers. It runs on a thread of the client's, one call at a time, so it should be
  // short and must not block; it may call GetAsync. For a program that has many Gets
  // under way this is the cheapest, as no thread is put to sleep and woken for any of
  // them.
  //
  // The destructor of the client, which no `done` may cause, answers what is under way
  // with CANCELLED and returns when each `done` has returned. Do not get again after
  // that: each such Get is answered in the same way, and the destructor waits for it as
  // well.
  void GetAsync(
      std::string_view key, const ReadOptions& options,
      absl::AnyInvocable<void(absl::StatusOr<std::optional<Value>>)> done) const;

  // The same with everything the server keeps for the key. Prefer Get: only Gets can
  // share their way to the server with one another.
  absl::StatusOr<std::optional<Entry>> GetEntry(std::string_view key,
                                                const ReadOptions& options = {}) const;

  // The values of 1 to 10,000 keys, in the order of the keys, where they lie in the
  // answer (values.h). INVALID_ARGUMENT when they have more than 64 MiB together. Shares
  // calls as Get does, where it is small; it is never parted.
  absl::StatusOr<Values> BatchGet(absl::Span<const std::string> keys,
                                  const ReadOptions& options = {}) const;

  // The same without waiting; `done` as that of GetAsync. With no keys it is called
  // before this returns.
  void BatchGetAsync(absl::Span<const std::string> keys, const ReadOptions& options,
                     absl::AnyInvocable<void(absl::StatusOr<Values>)> done) const;

  // Sets the value of a key and returns the revision of the write. When it returns, every
  // reader sees it.
  //
  // Puts and Deletes that are under way at the same time, of any number of threads, share
  // calls to the server as Gets do, with the same gain; one that is alone is a call of
  // its own. It changes nothing in what a write means: each is done or refused for
  // itself, once, and ends at its own deadline. Of one that ends there the message says
  // whether it was sent: if not, it does not happen. RESOURCE_EXHAUSTED, besides the
  // server's reasons: 64 MiB of writes wait in this client. ClientOptions::gather_writes
  // = false has each make a call of its own.
  //
  // Writes that are under way at the same time may take effect in any order, also where
  // they are of one key.
  absl::StatusOr<uint64_t> Put(std::string_view key, std::string_view value,
                               const WriteOptions& options = {}) const;

  // The same without waiting: `done` as that of GetAsync, on a thread of its own, or
  // before this returns where too much waits in this client. For many entries in a row a
  // BulkWriter is the simpler way.
  void PutAsync(std::string_view key, std::string_view value, const WriteOptions& options,
                absl::AnyInvocable<void(absl::StatusOr<uint64_t>)> done) const;

  // Removes a key. As Put otherwise.
  absl::StatusOr<Deleted> Delete(std::string_view key,
                                 const WriteOptions& options = {}) const;

  // The same without waiting; `done` as that of PutAsync.
  void DeleteAsync(std::string_view key, const WriteOptions& options,
                   absl::AnyInvocable<void(absl::StatusOr<Deleted>)> done) const;

  // Does a transaction (txn.h): the conditions are looked at, and one of the lists of
  // operations is done, all at one moment. Conditions that do not hold are an answer, not
  // an error. After INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION and UNIMPLEMENTED
  // nothing was done; after any other error all of it was or nothing, and nobody knows
  // which: commit it again only if its conditions make that harmless.
  absl::StatusOr<TxnResult> Commit(const Txn& txn, const TxnOptions& options = {}) const;

  // Ends the calls that are under way, of BulkWriters and Scanners as well, and each that
  // is made from now on, with CANCELLED; a write among them may or may not have happened.
  // For a program that is to end though a server does not answer: no other thread can
  // make a call that blocks return. There is no way back.
  void Cancel() const;

  // All entries, or those of a prefix; see scanner.h. The scanner may outlive the client.
  Scanner Scan(ScanOptions options = {}) const;

 private:
  friend class BulkWriter;

  Client(std::shared_ptr<internal::Connection> connection, const ClientOptions& options);

  const std::shared_ptr<internal::KeyValueConnection> connection_;
  const bool gather_gets_;
  const bool gather_writes_;
  const std::unique_ptr<internal::GetGatherer> gatherer_;
  const std::unique_ptr<internal::WriteGatherer> write_gatherer_;
};

}  // namespace rcukv

#endif  // RCUKV_CLIENTS_CPP_CLIENT_H_
