"""--store=rocksdb as a user meets it: what outlives a restart, and which directories are refused."""

import os
import pathlib
import signal
import tempfile
import unittest

import grpc

from proto.rcukv.v1 import admin_pb2, admin_pb2_grpc, kv_pb2, kv_pb2_grpc
from server import server_process
from server.server_process import PATIENCE_SECONDS, ServerProcess


class DurableServerTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data_dir = os.path.join(folder.name, "data")

    def flags(self, durability="sync"):
        return ["--store=rocksdb", f"--data_dir={self.data_dir}", f"--durability={durability}"]

    def serve(self, durability="sync"):
        return ServerProcess(*self.flags(durability), store=None)

    def assert_refused(self, *parts):
        done = server_process.run(*self.flags(), "--listen=127.0.0.1:0", "--admin_listen=127.0.0.1:0")
        self.assertEqual((done.returncode, done.stdout), (1, ""), done)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for part in (self.data_dir, *parts):
            self.assertIn(part, done.stderr)


class DefaultTest(DurableServerTest):
    def test_a_server_without_flags_keeps_what_it_answered(self):
        os.mkdir(self.data_dir)
        elsewhere = ["bash", "-c", f'cd "{self.data_dir}" && exec "$OLDPWD/$0" "$@"']
        with ServerProcess(store=None, wrapper=elsewhere) as server, Client(server) as client:
            self.assertIn("store rocksdb, data_dir rcukv-data, durability sync", server.first_line)
            client.put(b"key", b"value")
            server.kill()
        self.assertEqual(os.listdir(self.data_dir), ["rcukv-data"])
        with ServerProcess(store=None, wrapper=elsewhere) as server, Client(server) as client:
            self.assertEqual(client.get(b"key").entry.value, b"value")


class RestartTest(DurableServerTest):
    def assert_kept(self, durability):
        with self.serve(durability) as server, Client(server) as client:
            self.assertIn(f"store rocksdb, data_dir {self.data_dir}, durability {durability}", server.first_line)
            client.create_table("routes")
            client.create_table("gone")
            for i in range(100):
                client.put(b"key%d" % i, b"value%d" % i)
                client.put(b"key%d" % i, b"other%d" % i, "routes")
            client.put(b"key1", b"again")
            client.put(b"key1", b"lost", "gone")
            client.delete(b"key2")
            client.delete_table("gone")
            before = client.everything()
            self.assertEqual(before["default"][b"key1"].mod_revision, 201)
            self.assertEqual(before["default"][b"key1"].create_revision, 3)
            self.assertEqual((len(before["default"]), len(before["routes"])), (99, 100))
            server.terminate()
            self.assertEqual(server.wait(), 0)
        for _ in range(2):
            with self.serve(durability) as server, Client(server) as client:
                self.assertEqual(client.everything(), before)
                self.assertEqual(client.status().revision, 203)
                self.assertEqual(client.status().store, "rocksdb")
                self.assertRegex(server.stderr(), r"loaded 199 entries of 2 tables from .* revision 203\n")
        with self.serve(durability) as server, Client(server) as client:
            self.assertEqual(client.put(b"key1", b"next"), 204)
            entry = client.get(b"key1").entry
            self.assertEqual((entry.mod_revision, entry.create_revision), (204, 3))

    def test_everything_is_there_again_with_sync(self):
        self.assert_kept("sync")

    def test_everything_is_there_again_with_async(self):
        self.assert_kept("async")


class SignalWhileLoadingTest(DurableServerTest):
    def test_it_ends_at_once(self):
        with self.serve():
            pass
        # To load it is to wait for who writes into it.
        file = os.path.join(self.data_dir, "format")
        os.remove(file)
        os.mkfifo(file)
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number), server_process.start(*self.flags()) as process:
                with open(file, "wb"):  # Returns when the server reads.
                    process.send_signal(number)
                    try:
                        self.assertEqual(process.wait(PATIENCE_SECONDS), -number)
                    finally:
                        process.kill()
        pathlib.Path(file).unlink()
        pathlib.Path(file).write_text("rcukv store, format 1\n")
        with self.serve():
            pass


class RefusalTest(DurableServerTest):
    def test_a_second_server(self):
        with self.serve() as server:
            self.assert_refused("another server", str(server.pid), "stop it", "--data_dir")

    def test_a_directory_of_somebody_else(self):
        os.mkdir(self.data_dir)
        pathlib.Path(self.data_dir, "photo.jpg").write_bytes(b"jpeg")
        self.assert_refused("photo.jpg", "not rcukv's", "--data_dir")

    def test_a_newer_version(self):
        with self.serve():
            pass
        pathlib.Path(self.data_dir, "format").write_text("rcukv store, format 9\n")
        self.assert_refused("newer version", "format 9", "start that version")

    def test_a_damaged_directory(self):
        with self.serve() as server, Client(server) as client:
            client.put(b"k", b"v")
        os.remove(os.path.join(self.data_dir, "rocksdb", "CURRENT"))
        self.assert_refused("damaged", "CURRENT", "put a copy of it in its place")

    def test_what_is_no_directory(self):
        pathlib.Path(self.data_dir).write_text("a file")
        self.assert_refused("cannot write", "--data_dir")

    def test_a_port_in_use_is_found_before_the_directory_is_touched(self):
        with ServerProcess() as other:
            for flag in ("listen", "admin_listen"):
                with self.subTest(flag=flag):
                    addresses = {"listen": "127.0.0.1:0", "admin_listen": "127.0.0.1:0", flag: other.address}
                    done = server_process.run(*self.flags(), *(f"--{name}={a}" for name, a in addresses.items()))
                    self.assertEqual(done.returncode, 1)
                    self.assertIn(f"cannot listen on {other.address}", done.stderr)
                    self.assertFalse(os.path.exists(self.data_dir))


class FullDiskTest(DurableServerTest):
    # No file may have more than 1 MiB: writing past it fails, as on a full disk.
    FULL_DISK = ["bash", "-c", "trap '' XFSZ; ulimit -f 1024; exec \"$0\" \"$@\""]

    def write_until_refused(self, client):
        """How many writes were answered, and what the next two got."""
        errors = []
        answered = 0
        while len(errors) < 2:
            try:
                client.put(b"key%d" % answered, bytes(10_000))
                self.assertFalse(errors)
                answered += 1
            except grpc.RpcError as error:
                errors.append(error)
        return answered, errors

    def test_writes_are_refused_with_the_cause_and_reads_go_on(self):
        with ServerProcess(*self.flags(), store=None, wrapper=self.FULL_DISK) as server, Client(server) as client:
            self.assertEqual(client.status().write_failure, "")
            answered, (first, second) = self.write_until_refused(client)
            self.assertGreater(answered, 50)
            self.assertEqual(first.code(), grpc.StatusCode.UNKNOWN)
            self.assertEqual(second.code(), grpc.StatusCode.INTERNAL)
            for text in (first.details(), second.details(), client.status().write_failure, server.stderr()):
                for part in (self.data_dir, "File too large", "no more writes", "restarted"):
                    self.assertIn(part, text)
            self.assertEqual(len(client.everything()["default"]), answered)
            self.assertEqual(client.get(b"key%d" % answered).revision, answered)
            server.terminate()
            self.assertEqual(server.wait(), 1)
            last_line = server.stderr().splitlines()[-1]
            for part in ("File too large", "the end of a server that took no more writes"):
                self.assertIn(part, last_line)
        with self.serve() as server, Client(server) as client:
            found = client.everything()["default"]
            # The one that got UNKNOWN may be there.
            self.assertIn(len(found), (answered, answered + 1))
            self.assertLessEqual({b"key%d" % i for i in range(answered)}, found.keys())
            self.assertEqual(client.put(b"next", b""), len(found) + 1)


class Client:
    """Calls of both services, which raise on any error."""

    def __init__(self, server):
        self._channels = [grpc.insecure_channel(a) for a in (server.address, server.admin_address)]
        self._kv = kv_pb2_grpc.KeyValueServiceStub(self._channels[0])
        self._admin = admin_pb2_grpc.AdminServiceStub(self._channels[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for channel in self._channels:
            channel.close()

    def put(self, key, value, table=""):
        return self._kv.Put(kv_pb2.PutRequest(key=key, value=value, table=table), timeout=PATIENCE_SECONDS).revision

    def delete(self, key, table=""):
        return self._kv.Delete(kv_pb2.DeleteRequest(key=key, table=table), timeout=PATIENCE_SECONDS).revision

    def get(self, key, table=""):
        return self._kv.Get(kv_pb2.GetRequest(key=key, table=table), timeout=PATIENCE_SECONDS)

    def create_table(self, name):
        self._admin.CreateTable(admin_pb2.CreateTableRequest(name=name), timeout=PATIENCE_SECONDS)

    def delete_table(self, name):
        self._admin.DeleteTable(admin_pb2.DeleteTableRequest(name=name), timeout=PATIENCE_SECONDS)

    def status(self):
        return self._admin.GetStatus(admin_pb2.GetStatusRequest(), timeout=PATIENCE_SECONDS)

    def everything(self):
        """Entries by key, by table."""
        tables = {}
        for table in self.status().tables:
            entries = tables[table.name] = {}
            scan = kv_pb2.ScanRequest(table=table.name)
            while True:
                page = self._kv.Scan(scan, timeout=PATIENCE_SECONDS)
                entries.update((entry.key, entry) for entry in page.entries)
                scan.page_token = page.next_page_token
                if not scan.page_token:
                    break
        return tables


if __name__ == "__main__":
    unittest.main()
