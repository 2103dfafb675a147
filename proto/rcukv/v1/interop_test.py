"""A client that is not ours: python3-grpcio with stubs generated from proto/."""

import unittest

import grpc

from proto.rcukv.v1 import admin_pb2, admin_pb2_grpc, errors_pb2, kv_pb2, kv_pb2_grpc
from server.server_process import PATIENCE_SECONDS, ServerProcess

ENTRIES = {
    b"plain": b"value",
    b"empty value": b"",
    b"\x00binary\xff\xfe\n": bytes(range(256)),
    "schl\u00fcssel".encode(): "\u00e4\u00f6\u00fc".encode(),
    b"large": b"x" * (1 << 20),
}


class InteropTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = ServerProcess()
        cls.addClassCleanup(cls.end_server)
        cls.channel = grpc.insecure_channel(cls.server.address)
        cls.addClassCleanup(cls.channel.close)
        cls.stub = kv_pb2_grpc.KeyValueServiceStub(cls.channel)

    @classmethod
    def end_server(cls):
        with cls.server:
            cls.server.terminate()
            assert cls.server.wait() == 0, "the server did not end cleanly"

    def setUp(self):
        for key, value in ENTRIES.items():
            self.call("Put", kv_pb2.PutRequest(key=key, value=value))

    def call(self, method, request):
        return getattr(self.stub, method)(request, timeout=PATIENCE_SECONDS)

    def test_get_returns_what_was_put(self):
        for key, value in ENTRIES.items():
            response = self.call("Get", kv_pb2.GetRequest(key=key))
            self.assertEqual((response.entry.key, response.entry.value), (key, value))
            self.assertGreater(response.entry.mod_revision, 0)
            self.assertGreaterEqual(response.revision, response.entry.mod_revision)

    def test_a_missing_key_is_an_answer(self):
        response = self.call("Get", kv_pb2.GetRequest(key=b"missing"))
        self.assertFalse(response.HasField("entry"))

    def test_batch_get_answers_in_order(self):
        keys = [*ENTRIES, b"missing", b"plain"]
        response = self.call("BatchGet", kv_pb2.BatchGetRequest(keys=keys))
        self.assertEqual(
            [(result.found, result.value) for result in response.results],
            [(key in ENTRIES, ENTRIES.get(key, b"")) for key in keys],
        )

    def test_stream_batch_get_answers_each_request(self):
        requests = [kv_pb2.BatchGetRequest(keys=[key]) for key in ENTRIES]
        responses = self.stub.StreamBatchGet(iter(requests), timeout=PATIENCE_SECONDS)
        self.assertEqual(
            [response.results[0].value for response in responses], list(ENTRIES.values())
        )

    def test_scan_returns_everything_once(self):
        for page_size in (1, 2, 1000):
            found = []
            request = kv_pb2.ScanRequest(page_size=page_size)
            while True:
                page = self.call("Scan", request)
                found += [(entry.key, entry.value) for entry in page.entries]
                if not page.next_page_token:
                    break
                request.page_token = page.next_page_token
            self.assertEqual(len(found), len(ENTRIES))
            self.assertEqual(dict(found), ENTRIES)

    def test_delete_removes(self):
        for key in ENTRIES:
            self.assertTrue(self.call("Delete", kv_pb2.DeleteRequest(key=key)).deleted)
            self.assertFalse(self.call("Delete", kv_pb2.DeleteRequest(key=key)).deleted)
            self.assertFalse(self.call("Get", kv_pb2.GetRequest(key=key)).HasField("entry"))

    def test_batch_write_answers_each(self):
        write = kv_pb2.BatchWriteRequest.Write
        put = write(put=kv_pb2.PutRequest(key=b"batched", value=b"1"))
        delete = write(delete=kv_pb2.DeleteRequest(key=b"batched"))
        refused = write(put=kv_pb2.PutRequest(key=b""))
        results = self.call(
            "BatchWrite", kv_pb2.BatchWriteRequest(writes=[put, refused, delete])
        ).results
        self.assertEqual(results[2].delete.revision, results[0].put.revision + 1)
        self.assertTrue(results[2].delete.deleted)
        self.assertEqual(results[1].error.code, grpc.StatusCode.INVALID_ARGUMENT.value[0])
        self.assertIn("key: empty", results[1].error.message)

    def test_a_watch_tells_of_changes_in_order(self):
        watch = self.stub.Watch(kv_pb2.WatchRequest(), timeout=PATIENCE_SECONDS)
        begin = next(watch).revision
        for key, value in ENTRIES.items():
            self.call("Put", kv_pb2.PutRequest(key=key, value=value))
        events = []
        while len(events) < len(ENTRIES):
            events += next(watch).events
        watch.cancel()
        self.assertEqual(
            [(event.entry.key, event.entry.value, event.entry.mod_revision) for event in events],
            [(key, value, begin + 1 + i) for i, (key, value) in enumerate(ENTRIES.items())],
        )

    def test_where_a_watch_could_begin_is_in_the_details(self):
        with ServerProcess("--watch_history_bytes=1") as server:
            with grpc.insecure_channel(server.address) as channel:
                stub = kv_pb2_grpc.KeyValueServiceStub(channel)
                for _ in range(2):
                    put = stub.Put(kv_pb2.PutRequest(key=b"k"), timeout=PATIENCE_SECONDS)
                request = kv_pb2.WatchRequest(start_revision=1)
                with self.assertRaises(grpc.RpcError) as raised:
                    next(stub.Watch(request, timeout=PATIENCE_SECONDS))
        self.assertEqual(raised.exception.code(), grpc.StatusCode.OUT_OF_RANGE)
        trailers = dict(raised.exception.trailing_metadata())
        details = errors_pb2.StatusDetails.FromString(trailers["grpc-status-details-bin"])
        history = errors_pb2.WatchHistory.FromString(details.details[0].value)
        self.assertEqual(history.oldest_revision, put.revision)

    def test_an_error_has_its_code_and_message(self):
        with self.assertRaises(grpc.RpcError) as raised:
            self.call("Get", kv_pb2.GetRequest(key=b"k" * 5000))
        self.assertEqual(raised.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
        self.assertIn("key: 5000 bytes, the limit is 4096", raised.exception.details())

    def test_the_admin_service_answers(self):
        with grpc.insecure_channel(self.server.admin_address) as channel:
            status = admin_pb2_grpc.AdminServiceStub(channel).GetStatus(
                admin_pb2.GetStatusRequest(), timeout=PATIENCE_SECONDS
            )
        self.assertEqual(status.pid, self.server.pid)


if __name__ == "__main__":
    unittest.main()
