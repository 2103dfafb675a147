"""The program as a user starts and ends it: flags, messages, exit codes, signals."""

import pathlib
import resource
import signal
import tempfile
import threading
import unittest

import grpc

from proto.grpc.health.v1 import health_pb2, health_pb2_grpc
from proto.rcukv.v1 import admin_pb2, admin_pb2_grpc, kv_pb2, kv_pb2_grpc
from server import server_process
from server.server_process import PATIENCE_SECONDS, ServerProcess


class WrongFlagsTest(unittest.TestCase):
    def assert_refused(self, flags, *parts):
        done = server_process.run(*flags)
        self.assertEqual(done.returncode, 2, done)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)

    def test_a_wrong_value_is_named_with_what_is_allowed(self):
        for flag, value, allowed in [
            ("listen", "nowhere", "HOST:PORT"),
            ("admin_listen", "127.0.0.1:65536", "HOST:PORT"),
            ("store", "tape", "memory, rocksdb"),
            ("durability", "hope", "sync, async"),
            ("rcu_flavor", "vanilla", "mb, memb, signal, qsbr, rseq, rwlock, mutex"),
            ("membarrier_mode", "fast", "expedited, non_expedited"),
            ("expedited_budget", "-1", "0 to 1000000"),
            ("holdout_limit", "5", "1ms to 24h"),
            ("holdout_limit", "0s", "1ms to 24h"),
            ("holdout_limit", "25h", "1ms to 24h"),
            ("holdout_limit", "soon", "1ms to 24h"),
            ("rcu_fallback", "hope", "mb, refuse"),
            ("reclaim", "never", "call_rcu, synchronize"),
            ("read_section", "per_table", "per_batch, per_key"),
            ("reflection", "maybe", "true, false"),
            ("threads", "many", "0 to 256"),
            ("threads", "-1", "0 to 256"),
            ("threads", "257", "0 to 256"),
            ("max_key_bytes", "0", "1 to 65535"),
            ("max_key_bytes", "65536", "1 to 65535"),
            ("max_value_bytes", "1GiB", "KiB, MiB or GiB"),
            ("max_batch_keys", "", "1 to 1000000"),
            ("max_txn_operations", "0", "1 to 10000"),
            ("max_txn_bytes", "65MiB", "KiB, MiB or GiB"),
            ("max_watches", "0", "1 to 1000000"),
            ("watch_history_bytes", "16MB", "KiB, MiB or GiB"),
            ("watch_progress_interval", "1ms", "10ms to 24h"),
            ("memory_limit", "4GB", "KiB, MiB or GiB"),
            ("memory_limit", "99999999999GiB", "KiB, MiB or GiB"),
        ]:
            with self.subTest(flag=flag, value=value):
                self.assert_refused([f"--{flag}={value}"], f"'{flag}'", f"'{value}'", allowed)

    def test_what_a_later_version_will_have_is_said_to_be_missing(self):
        for flag, value in [
            ("store", "etcd"),
        ]:
            with self.subTest(flag=flag, value=value):
                self.assert_refused([f"--{flag}={value}"], "not have it yet", value)

    def test_who_says_how_to_keep_data_is_not_served_from_memory(self):
        for flag in ("--data_dir=rcukv-data", "--durability=sync", "--backup_dir=/tmp"):
            with self.subTest(flag=flag):
                self.assert_refused([flag, "--store=memory"], flag.partition("=")[0], "keeps nothing")
                with tempfile.NamedTemporaryFile("w") as file:
                    file.write(flag)
                    file.flush()
                    self.assert_refused(["--store=memory", f"--flagfile={file.name}"], "keeps nothing")

    def test_an_unknown_flag_is_named(self):
        self.assert_refused(["--shards=3"], "--shards", "--help")

    def test_what_is_no_flag_is_named(self):
        self.assert_refused(["start"], "'start'")
        self.assert_refused(["--threads"], "--threads has no value")

    def test_an_error_in_a_flagfile_is_named_with_its_line(self):
        self.assert_refused(["--flagfile=/no/such/file"], "/no/such/file")
        self.assert_refused(["--flagfile=/tmp"], "/tmp", "cannot be read")
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("# comment\n\n--threads=many\n")
            file.flush()
            self.assert_refused([f"--flagfile={file.name}"], file.name, "line 3", "'many'")


class RightFlagsTest(unittest.TestCase):
    def test_help_names_every_flag(self):
        done = server_process.run("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for flag in ["listen", "store", "rcu_flavor", "threads", "flagfile", "memory_limit", "data_dir", "durability"]:
            self.assertIn(f"--{flag}=", done.stdout)

    def test_version_is_printed(self):
        done = server_process.run("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^rcukv_server \d+\.\d+\.\d+\n$")

    def test_the_first_line_says_what_was_chosen(self):
        with ServerProcess(
            "--rcu_flavor=rwlock", "--reclaim", "synchronize", "--read_section=per_key", "--threads=3"
        ) as server:
            for part in [
                "flavor rwlock",
                "membarrier none",
                "reclaim synchronize",
                "read_section per_key",
                "threads 3",
                "allocator ",
                f"pid {server.pid}\n",
            ]:
                self.assertIn(part, server.first_line)

    def test_as_many_files_may_be_open_as_the_system_allows(self):
        with ServerProcess(wrapper=["bash", "-c", 'ulimit -S -n 200; exec "$0" "$@"']) as server:
            soft, hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
            self.assertEqual(soft, hard)
            self.assertGreater(soft, 200)

    def test_every_flavor_and_mode_serves(self):
        for flavor in ("mb", "memb", "signal", "qsbr", "rseq", "rwlock", "mutex"):
            modes = ("expedited", "non_expedited", "global_expedited", "adaptive")
            for mode in modes if flavor in ("memb", "rseq") else modes[:1]:
                with self.subTest(flavor=flavor, mode=mode), ServerProcess(
                    f"--rcu_flavor={flavor}", f"--membarrier_mode={mode}", "--threads=1"
                ) as server, grpc.insecure_channel(server.address) as channel:
                    if "instead" in server.stderr():
                        self.skipTest(server.stderr())
                    stub = kv_pb2_grpc.KeyValueServiceStub(channel)
                    for value in (b"1", b"2"):
                        put = kv_pb2.PutRequest(key=b"k", value=value)
                        stub.Put(put, timeout=PATIENCE_SECONDS)
                        response = stub.Get(kv_pb2.GetRequest(key=b"k"), timeout=PATIENCE_SECONDS)
                        self.assertEqual(response.entry.value, value)
                    server.terminate()
                    self.assertEqual((server.wait(), server.stderr()), (0, ""))

    def test_flags_can_come_from_a_file(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("# comment\n--rcu_flavor=mb\n  --threads=1\n")
            file.flush()
            with ServerProcess(f"--flagfile={file.name}") as server:
                self.assertIn("flavor mb", server.first_line)
                self.assertIn("threads 1,", server.first_line)

    def test_a_port_in_use_is_an_error_with_a_remedy(self):
        with ServerProcess() as server:
            done = server_process.run(
                "--store=memory", f"--listen={server.address}", "--admin_listen=127.0.0.1:0"
            )
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"cannot listen on {server.address}", done.stderr)
            self.assertIn("choose another with --listen", done.stderr)


class HealthTest(unittest.TestCase):
    def test_each_address_says_how_its_service_is(self):
        with ServerProcess() as server:
            for address, service, other in [
                (server.address, "rcukv.v1.KeyValueService", "rcukv.v1.AdminService"),
                (server.admin_address, "rcukv.v1.AdminService", "rcukv.v1.KeyValueService"),
            ]:
                with grpc.insecure_channel(address) as channel:
                    for known in ("", service):
                        self.assertEqual(_check_health(channel, known), health_pb2.HealthCheckResponse.SERVING)
                    with self.assertRaises(grpc.RpcError) as raised:
                        _check_health(channel, other)
                    self.assertEqual(raised.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_who_watches_learns_that_the_server_ends_before_it_does(self):
        with ServerProcess() as server, grpc.insecure_channel(server.address) as channel:
            watch = health_pb2_grpc.HealthStub(channel).Watch(
                health_pb2.HealthCheckRequest(), timeout=PATIENCE_SECONDS
            )
            self.assertEqual(next(watch).status, health_pb2.HealthCheckResponse.SERVING)
            server.terminate()
            self.assertEqual(next(watch).status, health_pb2.HealthCheckResponse.NOT_SERVING)
            self.assertRaises(grpc.RpcError, next, watch)
            self.assertEqual((server.wait(), server.stderr()), (0, ""))


class ReflectionTest(unittest.TestCase):
    # ServerReflectionRequest, by hand, as its proto is in no package of Debian's: field 7
    # lists services, field 4 asks for the file that has a symbol.
    LIST = b"\x3a\x01*"
    SYMBOL = b"rcukv.v1.KeyValueService"
    FILE = b"\x22" + bytes([len(SYMBOL)]) + SYMBOL

    def reflect(self, address, request):
        with grpc.insecure_channel(address) as channel:
            method = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
            responses = channel.stream_stream(method)(iter([request]), timeout=PATIENCE_SECONDS)
            return b"".join(responses)

    def test_the_admin_address_describes_the_api(self):
        with ServerProcess() as server:
            listed = self.reflect(server.admin_address, self.LIST)
            self.assertIn(b"rcukv.v1.AdminService", listed)
            self.assertIn(b"grpc.health.v1.Health", listed)
            file = self.reflect(server.admin_address, self.FILE)
            self.assertIn(b"StreamBatchGet", file)

    def test_no_other_address_has_it_nor_this_one_when_it_is_switched_off(self):
        with ServerProcess("--reflection=false") as server, ServerProcess() as on:
            for address in (server.address, server.admin_address, on.address):
                with self.assertRaises(grpc.RpcError) as raised:
                    self.reflect(address, self.LIST)
                self.assertEqual(raised.exception.code(), grpc.StatusCode.UNIMPLEMENTED)


class AdminThreadsTest(unittest.TestCase):
    CALLS = 1000

    def test_they_take_no_part_in_calls_of_data(self):
        with ServerProcess() as server:
            _get_often(server.address, 1)  # Whatever begins with the first connections.
            before = _wake_ups(server.pid, "grpcpp_sync_ser")
            _get_often(server.address, self.CALLS)
            # Threads that poll beside the serving ones wake up for a fifth of the calls.
            self.assertLess(_wake_ups(server.pid, "grpcpp_sync_ser") - before, self.CALLS / 20)

    def test_the_admin_address_answers_whatever_grpc_polls_with(self):
        for strategy in ("epoll1", "poll"):
            environment = {"GRPC_POLL_STRATEGY": strategy}
            with self.subTest(strategy=strategy), ServerProcess(environment=environment) as server:
                with grpc.insecure_channel(server.admin_address) as channel:
                    self.assertEqual(_check_health(channel, ""), health_pb2.HealthCheckResponse.SERVING)
                server.terminate()
                self.assertEqual((server.wait(), server.stderr()), (0, ""))


class AllocatorTest(unittest.TestCase):
    def test_figures_of_the_allocator_are_there_exactly_when_it_is_jemalloc(self):
        with ServerProcess() as server, grpc.insecure_channel(server.admin_address) as channel:
            status = admin_pb2_grpc.AdminServiceStub(channel).GetStatus(
                admin_pb2.GetStatusRequest(), timeout=PATIENCE_SECONDS
            )
            is_jemalloc = "allocator jemalloc" in server.first_line
            self.assertEqual(status.memory.allocated_bytes > 0, is_jemalloc)
            self.assertEqual(status.memory.resident_bytes > 0, is_jemalloc)


class SignalTest(unittest.TestCase):
    def test_an_idle_server_ends_with_0(self):
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            with ServerProcess() as server:
                server.terminate(signal_number)
                self.assertEqual(server.wait(), 0)

    def test_calls_in_flight_are_answered(self):
        # Every write of a key that exists waits for a slow grace period, so that at any
        # moment some are in flight.
        flags = ["--membarrier_mode=non_expedited", "--reclaim=synchronize"]
        with ServerProcess(*flags) as server:
            writers = [_Writer(server.address, key) for key in (b"a", b"b", b"c", b"d")]
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.has_written.wait(PATIENCE_SECONDS)
            server.terminate()
            self.assertEqual(server.wait(), 0)
            for writer in writers:
                writer.join()
                self.assertEqual(writer.end, grpc.StatusCode.UNAVAILABLE, writer.details)


def _get_often(address, calls):
    """Calls in turn on several connections."""
    options = [("grpc.use_local_subchannel_pool", 1)]
    channels = [grpc.insecure_channel(address, options) for _ in range(8)]
    stubs = [kv_pb2_grpc.KeyValueServiceStub(channel) for channel in channels]
    for stub in stubs:
        for _ in range(-(-calls // len(stubs))):
            stub.Get(kv_pb2.GetRequest(key=b"k"), timeout=PATIENCE_SECONDS)
    for channel in channels:
        channel.close()


def _wake_ups(pid, thread_name):
    """How often threads of that name have waited for something, all together."""
    count = 0
    for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status"):
        fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
        if fields["Name"] == thread_name:
            count += int(fields["voluntary_ctxt_switches"])
    return count


def _check_health(channel, service):
    request = health_pb2.HealthCheckRequest(service=service)
    return health_pb2_grpc.HealthStub(channel).Check(request, timeout=PATIENCE_SECONDS).status


class _Writer(threading.Thread):
    """Puts one key again and again, until that fails."""

    def __init__(self, address, key):
        super().__init__()
        self._address = address
        self._key = key
        self.has_written = threading.Event()
        self.end = None
        self.details = None

    def run(self):
        with grpc.insecure_channel(self._address) as channel:
            stub = kv_pb2_grpc.KeyValueServiceStub(channel)
            request = kv_pb2.PutRequest(key=self._key, value=b"v")
            while self.end is None:
                try:
                    stub.Put(request, timeout=PATIENCE_SECONDS)
                    self.has_written.set()
                except grpc.RpcError as error:
                    self.end = error.code()
                    self.details = error.details()


if __name__ == "__main__":
    unittest.main()
