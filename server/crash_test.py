"""kill -9 at random moments, on one data directory, while several clients write and read.

After each round the server starts again, and then
  - no write that was answered is lost, and none that a reader has seen;
  - a write that was not answered is there as a whole, or not at all, each write of a
    BatchWrite for itself; so is a transaction of several keys;
  - the revision is not below any that somebody has seen.
That holds with --durability=sync and async, which take turns: what a process has given to
the system outlives the process. The seed is printed; CRASH_TEST_SEED=N repeats it, but for
the scheduling.
"""

import os
import random
import sys
import tempfile
import threading
import time
import unittest
import zlib

import grpc

from proto.rcukv.v1 import admin_pb2, admin_pb2_grpc, kv_pb2, kv_pb2_grpc
from server import server_process
from server.server_process import PATIENCE_SECONDS, ServerProcess

ROUNDS = 5
WRITERS = 4
KEYS_OF_A_WRITER = 8
LONGEST_SECONDS = 0.8


def make_value(rng, key, number):
    body = b"%s #%d " % (key, number) + bytes(rng.randrange(256) for _ in range(8)) * rng.choice((0, 1, 10, 1000))
    return b"%08x" % zlib.crc32(body) + body


def is_whole(key, value):
    return value[:8] == b"%08x" % zlib.crc32(value[8:]) and value[8:].startswith(key + b" #")


class Key:
    """What is known of one key: only its writer writes it."""

    def __init__(self, name):
        self.name = name
        self.value = None  # As answered last; None: it is not there.
        self.revision = 0  # Of that write.
        self.unanswered = None  # (value,) of a write that may or may not have happened.
        self.seen_revision = 0  # The newest that a reader has seen.


class Together:
    """Keys that are changed by transactions alone, all at once."""

    def __init__(self):
        self.keys = [b"together-%d" % k for k in range(4)]
        self.number = 0  # Of the transaction that was answered last.
        self.revision = 0  # Of that.
        self.unanswered = None  # The number of one that may or may not have happened.
        self.seen_number = 0  # The newest that a reader has seen.

    def value(self, number, key):
        """What a transaction leaves in a key: now and then nothing."""
        if number == 0 or (number + key) % len(self.keys) == 0:
            return None
        return b"%d" % number


class Model:
    def __init__(self):
        self.together = Together()
        self.keys = [Key(b"w%d-%d" % (w, k)) for w in range(WRITERS) for k in range(KEYS_OF_A_WRITER)]
        self.seen_revision = 0  # The newest of which anybody was told.
        self.answered = 0  # Writes.
        self.transactions = 0  # That were answered.
        self.snapshots = 0  # That showed one.
        self.killed = False  # Whether the server is gone, or about to be.
        # Of the table that comes and goes: the states it may be in, None for absent, else
        # its generation.
        self.table = [None]
        self.generation = 0
        self.filled = False  # Whether the put into it was answered.


class Client(threading.Thread):
    """Makes calls until the server is gone."""

    def __init__(self, server, model, rng):
        super().__init__()
        self._channel = grpc.insecure_channel(server.address, [("grpc.use_local_subchannel_pool", 1)])
        self._kv = kv_pb2_grpc.KeyValueServiceStub(self._channel)
        self._admin_channel = grpc.insecure_channel(server.admin_address)
        self._admin = admin_pb2_grpc.AdminServiceStub(self._admin_channel)
        self._model = model
        self._rng = rng
        self.failure = None

    def run(self):
        try:
            while True:
                self.call()
        except grpc.RpcError as error:
            gone = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
            if not self._model.killed or error.code() not in gone:
                self.failure = f"{error.code()}: {error.details()}"
        except Exception as error:  # For the main thread to raise.
            self.failure = repr(error)
        self._channel.close()
        self._admin_channel.close()


class Writer(Client):
    def __init__(self, server, model, rng, number):
        super().__init__(server, model, rng)
        self._keys = model.keys[number * KEYS_OF_A_WRITER :][:KEYS_OF_A_WRITER]
        self.newest = 0
        self.answered = 0

    def call(self):
        keys = self._rng.sample(self._keys, self._rng.choice((1, 1, 1, KEYS_OF_A_WRITER)))
        for key, response in zip(keys, self._ask([self._begin(key) for key in keys])):
            assert getattr(response, "deleted", True), key.name
            assert response.revision > max(key.revision, self.newest), (key.name, response.revision)
            key.value, key.revision, key.unanswered = key.unanswered[0], response.revision, None
            self.newest = response.revision
            self.answered += 1

    def _begin(self, key):
        write = kv_pb2.BatchWriteRequest.Write()
        if key.value is not None and self._rng.random() < 0.2:
            key.unanswered = (None,)
            write.delete.key = key.name
        else:
            key.unanswered = (make_value(self._rng, key.name, self._rng.randrange(1 << 30)),)
            write.put.key = key.name
            write.put.value = key.unanswered[0]
        return write

    def _ask(self, writes):
        """One at a time, or several in one call: the responses."""
        if len(writes) > 1:
            request = kv_pb2.BatchWriteRequest(writes=writes)
            results = self._kv.BatchWrite(request, timeout=PATIENCE_SECONDS).results
            return [getattr(result, result.WhichOneof("response")) for result in results]
        kind = writes[0].WhichOneof("request")
        method = {"put": self._kv.Put, "delete": self._kv.Delete}[kind]
        return [method(getattr(writes[0], kind), timeout=PATIENCE_SECONDS)]


class Transactor(Client):
    """Each transaction replaces all of its keys, and deletes one of them."""

    newest = 0

    def call(self):
        together = self._model.together
        number = together.unanswered = together.number + 1
        request = kv_pb2.TxnRequest()
        # Which fails where one before it was lost, or done twice.
        request.compares.add(key=together.keys[0], mod_revision=self.mod_revision(together.number, 0))
        for k, key in enumerate(together.keys):
            value = together.value(number, k)
            if value is None:
                request.success.add().delete.key = key
            else:
                request.success.add().put.CopyFrom(kv_pb2.PutRequest(key=key, value=value))
        response = self._kv.Txn(request, timeout=PATIENCE_SECONDS)
        assert response.succeeded, number
        assert response.revision > together.revision, (number, response.revision)
        together.number, together.revision, together.unanswered = number, response.revision, None
        self._model.transactions += 1
        self.newest = response.revision

    def mod_revision(self, number, key):
        together = self._model.together
        return 0 if together.value(number, key) is None else together.revision


class Reader(Client):
    newest = 0

    def call(self):
        if self._rng.random() < 0.3:
            return self.read_together()
        key = self._rng.choice(self._model.keys)
        response = self._kv.Get(kv_pb2.GetRequest(key=key.name), timeout=PATIENCE_SECONDS)
        if response.HasField("entry"):
            assert is_whole(key.name, response.entry.value), response
            key.seen_revision = max(key.seen_revision, response.entry.mod_revision)
        assert response.revision >= self.newest, response.revision
        self.newest = response.revision

    def read_together(self):
        together = self._model.together
        request = kv_pb2.BatchGetRequest(keys=together.keys, consistency=kv_pb2.SNAPSHOT)
        number, _ = check_together(together, self._kv.BatchGet(request, timeout=PATIENCE_SECONDS))
        assert number >= together.seen_number, number
        together.seen_number = number
        self._model.snapshots += number > 0


def check_together(together, response):
    """The number of the one transaction that all keys show, and its revision."""
    values = [result.value if result.found else None for result in response.results]
    number = max(int(value or 0) for value in values)
    assert values == [together.value(number, k) for k in range(len(values))], values
    revisions = {result.mod_revision for result in response.results if result.found}
    assert len(revisions) == min(number, 1), revisions
    return number, max(revisions, default=0)


class TableMaker(Client):
    """Makes and deletes a table, with an entry that says which one it is."""

    newest = 0

    def call(self):
        model = self._model
        if model.table == [None]:
            model.generation += 1
            model.filled = False
            model.table = [None, model.generation]
            self._admin.CreateTable(admin_pb2.CreateTableRequest(name="churn"), timeout=PATIENCE_SECONDS)
            model.table = [model.generation]
            value = b"%d" % model.generation
            self._kv.Put(kv_pb2.PutRequest(table="churn", key=b"generation", value=value), timeout=PATIENCE_SECONDS)
            model.filled = True
        else:
            model.table = [*model.table, None]
            self._admin.DeleteTable(admin_pb2.DeleteTableRequest(name="churn"), timeout=PATIENCE_SECONDS)
            model.table = [None]


class CrashTest(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("CRASH_TEST_SEED") or random.randrange(1 << 32))
        print(f"seed {self.seed}", flush=True)
        self.rng = random.Random(self.seed)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.flags = ["--store=rocksdb", f"--data_dir={folder.name}/data", "--threads=2"]
        self.model = Model()

    def test_no_answered_write_is_lost(self):
        for number in range(ROUNDS):
            print(f"round {number}", flush=True)
            flags = [*self.flags, f"--durability={('sync', 'async')[number % 2]}"]
            if self.rng.random() < 0.3:
                server_process.start_and_kill(*flags, after_seconds=self.rng.uniform(0, 0.1))
            with ServerProcess(*flags, store=None) as server:
                self.check(server)
                self.write_until_killed(server)
        with ServerProcess(*self.flags, store=None) as server:
            self.check(server)
            server.terminate()
            self.assertEqual(server.wait(), 0)
        print(f"{ROUNDS} rounds, {self.model.answered} answered writes, revision {self.model.seen_revision}")
        for answered in (self.model.answered, self.model.transactions, self.model.snapshots):
            self.assertGreater(answered, 0)

    def write_until_killed(self, server):
        rngs = [random.Random(self.rng.randrange(1 << 32)) for _ in range(WRITERS + 3)]
        writers = [Writer(server, self.model, rngs[i], i) for i in range(WRITERS)]
        clients = [
            *writers,
            Reader(server, self.model, rngs[-1]),
            TableMaker(server, self.model, rngs[-2]),
            Transactor(server, self.model, rngs[-3]),
        ]
        for client in clients:
            client.start()
        time.sleep(self.rng.uniform(0, LONGEST_SECONDS))
        self.model.killed = True
        server.kill()
        for client in clients:
            client.join()
        self.model.killed = False
        for client in clients:
            self.assertIsNone(client.failure, type(client).__name__)
            self.model.seen_revision = max(self.model.seen_revision, client.newest)
        self.model.answered += sum(writer.answered for writer in writers)

    def check(self, server):
        """Compares what is there with what is known, and takes over what was open."""
        with grpc.insecure_channel(server.address) as channel, grpc.insecure_channel(server.admin_address) as admin:
            kv = kv_pb2_grpc.KeyValueServiceStub(channel)
            for key in self.model.keys:
                self.check_key(key, kv.Get(kv_pb2.GetRequest(key=key.name), timeout=PATIENCE_SECONDS))
            status = admin_pb2_grpc.AdminServiceStub(admin).GetStatus(
                admin_pb2.GetStatusRequest(), timeout=PATIENCE_SECONDS
            )
            self.assertGreaterEqual(status.revision, self.model.seen_revision)
            self.model.seen_revision = status.revision
            self.check_transactions(kv)
            self.check_table(kv, "churn" in [table.name for table in status.tables])

    def check_key(self, key, response):
        value = response.entry.value if response.HasField("entry") else None
        if value is not None:
            self.assertTrue(is_whole(key.name, value), key.name)
            self.assertLessEqual(response.entry.mod_revision, response.revision)
        revision = response.entry.mod_revision if value is not None else None
        if value == key.value and revision in (key.revision, None):
            self.assertLessEqual(key.seen_revision, key.revision, f"{key.name}: a reader saw a write that is lost")
        else:
            self.assertIsNotNone(key.unanswered, f"{key.name}: an answered write is lost, or changed")
            self.assertEqual(value, key.unanswered[0], key.name)
            if value is not None:
                self.assertGreater(revision, key.revision)
                self.assertGreaterEqual(revision, key.seen_revision)
                key.revision = revision
            key.value = value
        key.unanswered, key.seen_revision = None, 0

    def check_transactions(self, kv):
        together = self.model.together
        request = kv_pb2.BatchGetRequest(keys=together.keys, consistency=kv_pb2.SNAPSHOT)
        number, revision = check_together(together, kv.BatchGet(request, timeout=PATIENCE_SECONDS))
        self.assertIn(number, (together.number, together.unanswered))
        self.assertGreaterEqual(number, together.seen_number, "a reader saw a transaction that is lost")
        if number == together.number:
            self.assertEqual(revision, together.revision)
        together.number, together.revision, together.unanswered = number, revision, None

    def check_table(self, kv, is_there):
        if not is_there:
            self.assertIn(None, self.model.table)
            self.model.table = [None]
            return
        generation = self.model.table[0] or self.model.table[-1]
        self.assertIsNotNone(generation, "a deleted table is back")
        get = kv_pb2.GetRequest(table="churn", key=b"generation")
        found = kv.Get(get, timeout=PATIENCE_SECONDS).entry.value
        if self.model.filled or found:
            self.assertEqual(found, b"%d" % generation)
        self.model.table = [generation]


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].startswith("--rounds="):
        ROUNDS = int(sys.argv.pop(1).partition("=")[2])
    unittest.main()
