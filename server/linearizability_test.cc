// What concurrent clients see over gRPC could have come from calls that happen one after
// another: of every key by itself what calls of every kind see of it; and of all keys at
// once what transactions, snapshots and single writes do. Gets are in the first alone: a
// transaction is published a key at a time, and two Gets meanwhile may find one of its
// keys new and then another one old.
#include "server/history/linearizability.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"
#include "server/history/history.h"
#include "server/server_for_test.h"
#include "server/table/flavors_for_test.h"

namespace rcukv {
namespace {

using history::Action;
using history::Key;
using history::kMissing;
using history::Value;
using Kind = history::Action::Kind;

// So few that clients meet.
constexpr Key kKeys = 4;

std::string NameOf(Key key) { return absl::StrCat("key", key); }

Value ParseValue(const std::string& text) {
  Value value = kMissing;
  EXPECT_TRUE(absl::SimpleAtoi(text, &value)) << text;
  return value;
}

// Makes calls, one after another, and writes down what it sees.
class HistoryClient {
 public:
  // No two clients of a history have the same number; the clock is common to all.
  HistoryClient(const std::string& address, uint32_t number, std::atomic<uint64_t>* clock)
      : stub_(NewStub(address)),
        clock_(clock),
        random_(number),
        next_value_(number + 1) {}

  void Run(int calls) {
    for (int i = 0; i < calls && !testing::Test::HasFailure(); ++i) {
      constexpr void (HistoryClient::*kCalls[])() = {
          &HistoryClient::Get,  &HistoryClient::Put,      &HistoryClient::Delete,
          &HistoryClient::Swap, &HistoryClient::Snapshot, &HistoryClient::Move};
      (this->*kCalls[Below(std::size(kCalls))])();
    }
  }

  const std::vector<history::Call>& calls() const { return calls_; }

 private:
  using Stub = v1::KeyValueService::Stub;
  // Of no two writes the same.
  static constexpr Value kMostClients = 16;

  // What was read of a key last, or written.
  struct Seen {
    Value value = kMissing;
    uint64_t mod_revision = 0;
  };

  // A connection of its own.
  static std::unique_ptr<Stub> NewStub(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return v1::KeyValueService::NewStub(grpc::CreateCustomChannel(
        address, grpc::InsecureChannelCredentials(), arguments));
  }

  uint32_t Below(size_t bound) { return static_cast<uint32_t>(random_() % bound); }
  Value NextValue() { return next_value_ += kMostClients; }

  // Makes a call, and writes it down in calls_.back(), unless the test has failed by it.
  // Returns whether it succeeded; else its condition did not hold, if it has any.
  template <typename Request, typename Response>
  bool Make(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
            const Request& request, Response* response, history::Call call) {
    // seq_cst, here and below: not to be moved into the call.
    call.called = clock_->fetch_add(1, std::memory_order_seq_cst);
    const grpc::Status status = Call(stub_.get(), method, request, response);
    call.returned = clock_->fetch_add(1, std::memory_order_seq_cst);
    const bool is_refused = status.error_code() == grpc::StatusCode::FAILED_PRECONDITION;
    if (status.ok() || (is_refused && !call.conditions.empty())) {
      call.answer = history::Answer{.succeeded = status.ok()};
      calls_.push_back(std::move(call));
    } else {
      ADD_FAILURE() << status.error_message();
    }
    return status.ok();
  }

  // The result of the next action of the newest call.
  void AddResult(Value result) { calls_.back().answer->results.push_back(result); }
  void See(Key key, const std::string& text, uint64_t mod_revision) {
    seen_[key] = mod_revision == 0 ? Seen() : Seen{ParseValue(text), mod_revision};
    AddResult(seen_[key].value);
  }
  void Wrote(Key key, Value value, uint64_t mod_revision) {
    seen_[key] = {value, mod_revision};
    AddResult(kMissing);
  }
  void Deleted(Key key, bool existed) {
    seen_[key] = {};
    AddResult(existed);
  }

  void Get() {
    const Key key = Below(kKeys);
    v1::GetRequest request;
    request.set_key(NameOf(key));
    v1::GetResponse response;
    if (!Make(&Stub::Get, request, &response, {.success = {{Kind::kGet, key}}})) return;
    See(key, response.entry().value(), response.entry().mod_revision());
  }

  void Put() {
    const Key key = Below(kKeys);
    const Value value = NextValue();
    v1::PutRequest request;
    request.set_key(NameOf(key));
    request.set_value(absl::StrCat(value));
    v1::PutResponse response;
    if (!Make(&Stub::Put, request, &response, {.success = {{Kind::kPut, key, value}}}))
      return;
    Wrote(key, value, response.revision());
  }

  void Delete() {
    const Key key = Below(kKeys);
    v1::DeleteRequest request;
    request.set_key(NameOf(key));
    v1::DeleteResponse response;
    if (!Make(&Stub::Delete, request, &response, {.success = {{Kind::kDelete, key}}}))
      return;
    Deleted(key, response.deleted());
  }

  // Replaces what was seen last, if it is still there: a value is written once, so that
  // its mod_revision stands for it.
  void Swap() {
    const Key key = Below(kKeys);
    const Value value = NextValue();
    v1::PutRequest request;
    request.set_key(NameOf(key));
    request.set_value(absl::StrCat(value));
    request.set_expected_mod_revision(seen_[key].mod_revision);
    v1::PutResponse response;
    const bool succeeded = Make(
        &Stub::Put, request, &response,
        {.conditions = {{key, seen_[key].value}}, .success = {{Kind::kPut, key, value}}});
    if (succeeded) Wrote(key, value, response.revision());
  }

  // Of all keys.
  void Snapshot() {
    v1::BatchGetRequest request;
    request.set_consistency(v1::SNAPSHOT);
    history::Call call;
    for (Key key = 0; key < kKeys; ++key) {
      request.add_keys(NameOf(key));
      call.success.push_back({Kind::kGet, key});
    }
    v1::BatchGetResponse response;
    if (!Make(&Stub::BatchGet, request, &response, std::move(call))) return;
    ASSERT_EQ(response.results_size(), static_cast<int>(kKeys));
    for (Key key = 0; key < kKeys; ++key) {
      const auto& result = response.results(static_cast<int>(key));
      See(key, result.value(), result.mod_revision());
    }
  }

  // Moves what was seen of one key to another one, and looks at a third; if something has
  // changed, looks at both.
  void Move() {
    const Key from = Below(kKeys);
    const Key to = (from + 1) % kKeys;
    const Key other = (from + 2) % kKeys;
    const Value value = NextValue();
    history::Call call = {
        .conditions = {{from, seen_[from].value}, {to, seen_[to].value}},
        .success = {{Kind::kDelete, from}, {Kind::kPut, to, value}, {Kind::kGet, other}},
        .failure = {{Kind::kGet, from}, {Kind::kGet, to}}};
    v1::TxnRequest request;
    for (const history::Condition& condition : call.conditions) {
      Fill(condition, request.add_compares());
    }
    for (const Action& action : call.success) Fill(action, request.add_success());
    for (const Action& action : call.failure) Fill(action, request.add_failure());
    v1::TxnResponse response;
    if (!Make(&Stub::Txn, request, &response, std::move(call))) return;
    history::Call& made = calls_.back();
    made.answer->succeeded = response.succeeded();
    const std::vector<Action>& actions =
        response.succeeded() ? made.success : made.failure;
    ASSERT_EQ(static_cast<size_t>(response.responses_size()), actions.size());
    for (size_t i = 0; i < actions.size(); ++i) {
      Result(actions[i], response.responses(static_cast<int>(i)));
    }
  }

  static void Fill(const history::Condition& condition, v1::Compare* compare) {
    compare->set_key(NameOf(condition.key));
    if (condition.value == kMissing) {
      compare->set_exists(false);
    } else {
      compare->set_value(absl::StrCat(condition.value));
    }
  }

  static void Fill(const Action& action, v1::RequestOp* operation) {
    const std::string key = NameOf(action.key);
    switch (action.kind) {
      case Kind::kGet:
        operation->mutable_get()->set_key(key);
        break;
      case Kind::kPut:
        operation->mutable_put()->set_key(key);
        operation->mutable_put()->set_value(absl::StrCat(action.value));
        break;
      case Kind::kDelete:
        operation->mutable_delete_()->set_key(key);
        break;
    }
  }

  void Result(const Action& action, const v1::ResponseOp& response) {
    switch (action.kind) {
      case Kind::kGet: {
        const v1::Entry& entry = response.get().entry();
        return See(action.key, entry.value(), entry.mod_revision());
      }
      case Kind::kPut:
        return Wrote(action.key, action.value, response.put().revision());
      case Kind::kDelete:
        return Deleted(action.key, response.delete_().deleted());
    }
  }

  const std::unique_ptr<Stub> stub_;
  std::atomic<uint64_t>* const clock_;
  std::mt19937 random_;
  Value next_value_;
  Seen seen_[kKeys];
  std::vector<history::Call> calls_;
};

bool IsGet(const history::Call& call) {
  return call.success.size() == 1 && call.success[0].kind == Kind::kGet;
}

// The calls but for single Gets.
std::vector<history::Call> WithoutGets(std::vector<history::Call> calls) {
  std::erase_if(calls, IsGet);
  return calls;
}

// What the calls did with one key, as calls of this key alone, whose number is then 0.
std::vector<history::Call> OfKey(const std::vector<history::Call>& calls, Key key) {
  std::vector<history::Call> projected;
  for (const history::Call& call : calls) {
    history::Call part = {.called = call.called, .returned = call.returned};
    const bool succeeded = call.answer->succeeded;
    // Where one of several conditions did not hold, nobody knows which.
    if (succeeded || call.conditions.size() == 1) {
      for (const history::Condition& condition : call.conditions) {
        if (condition.key == key) part.conditions.push_back({0, condition.value});
      }
    }
    part.answer = history::Answer{.succeeded = succeeded || part.conditions.empty()};
    const std::vector<Action>& actions = succeeded ? call.success : call.failure;
    std::vector<Action>& done = part.answer->succeeded ? part.success : part.failure;
    for (size_t i = 0; i < actions.size(); ++i) {
      if (actions[i].key != key) continue;
      done.push_back({actions[i].kind, 0, actions[i].value});
      part.answer->results.push_back(call.answer->results[i]);
    }
    if (!done.empty() || !part.conditions.empty()) projected.push_back(part);
  }
  return projected;
}

class LinearizabilityTest : public ServerTest {
 protected:
  // What some clients see that make calls at the same time, to tables without entries.
  // Empty where a call failed.
  std::vector<history::Call> MakeHistory() {
    constexpr uint32_t kClients = 5;
    constexpr int kCalls = 300;
    std::atomic<uint64_t> clock{0};
    std::vector<std::unique_ptr<HistoryClient>> clients;
    for (uint32_t i = 0; i < kClients; ++i) {
      clients.push_back(std::make_unique<HistoryClient>(server_->address(), i, &clock));
    }
    std::vector<std::thread> threads;
    for (const auto& client : clients) {
      threads.emplace_back([&client] { client->Run(kCalls); });
    }
    for (std::thread& thread : threads) thread.join();
    if (HasFailure()) return {};
    std::vector<history::Call> calls;
    for (const auto& client : clients) {
      calls.insert(calls.end(), client->calls().begin(), client->calls().end());
    }
    return calls;
  }
};

INSTANTIATE_TEST_SUITE_P(Flavors, LinearizabilityTest, EveryFlavor(), FlavorOfTest);

TEST_P(LinearizabilityTest, WhatConcurrentClientsSeeHappensOneAfterAnother) {
  const std::vector<history::Call> calls = MakeHistory();
  // Those with conditions came to both ends.
  std::map<bool, int> ends;
  for (const history::Call& call : calls) {
    if (!call.conditions.empty()) ++ends[call.answer->succeeded];
  }
  EXPECT_GT(ends[true], 10);
  EXPECT_GT(ends[false], 10);
  EXPECT_EQ(CheckLinearizable(WithoutGets(calls)), history::Verdict::kLinearizable);
  for (Key key = 0; key < kKeys; ++key) {
    EXPECT_EQ(CheckLinearizable(OfKey(calls, key)), history::Verdict::kLinearizable)
        << key;
  }
}

// The test above could fail: such a server is found out within a history or two.
TEST_P(LinearizabilityTest, AServerThatPublishesTransactionsInPartsIsFoundOut) {
  options_.publishes_in_parts = true;
  history::Verdict verdict = history::Verdict::kLinearizable;
  while (verdict == history::Verdict::kLinearizable) {
    Start();
    const std::vector<history::Call> calls = MakeHistory();
    ASSERT_FALSE(HasFailure());
    verdict = CheckLinearizable(WithoutGets(calls));
  }
  EXPECT_EQ(verdict, history::Verdict::kNotLinearizable);
}

}  // namespace
}  // namespace rcukv
