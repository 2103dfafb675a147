"""A server whose client does not read the rest of a large answer."""

import socket
import struct
import unittest

import grpc

from proto.rcukv.v1 import admin_pb2, admin_pb2_grpc, kv_pb2, kv_pb2_grpc
from server.server_process import PATIENCE_SECONDS, ServerProcess

# The answer is far more than what the kernel holds for a connection.
_VALUE_BYTES = 1 << 20
_COPIES = 60

_MAX_WINDOW = (1 << 31) - 1

# What the server holds for a connection, at most.
_MAX_HELD_BYTES = 256 << 20

# Of HTTP/2: RFC 9113, section 6.
_DATA, _HEADERS, _SETTINGS, _WINDOW_UPDATE = 0, 1, 4, 8
_ACK = _END_STREAM = 1
_END_HEADERS = 4


def _frame(kind, flags, stream, payload):
    """An HTTP/2 frame: RFC 9113, section 4.1."""
    length = struct.pack(">I", len(payload))[1:]
    return length + struct.pack(">BBI", kind, flags, stream) + payload


def _header(name, value):
    """A literal header field without indexing: RFC 7541, section 6.2.2."""
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


def _connect(address, settings=b""):
    """A connection by hand, as gRPC's own client cannot help reading."""
    host, port = address.split(":")
    connection = socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS)
    connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _frame(_SETTINGS, 0, 0, settings))
    return connection


def _asked(stream, request, method=b"StreamBatchGet"):
    """The frames of a call that asks once."""
    message = request.SerializeToString()
    headers = (
        _header(b":method", b"POST")
        + _header(b":scheme", b"http")
        + _header(b":path", b"/rcukv.v1.KeyValueService/" + method)
        + _header(b":authority", b"test")
        + _header(b"te", b"trailers")
        + _header(b"content-type", b"application/grpc")
    )
    return _frame(_HEADERS, _END_HEADERS, stream, headers) + _frame(
        _DATA, 0, stream, b"\0" + struct.pack(">I", len(message)) + message
    )


def _ask(address, request):
    """A connection with a call whose answer is not read.

    Its windows are as large as can be: it is TCP's buffers that fill up, not HTTP/2's.
    """
    connection = _connect(address, struct.pack(">HI", 4, _MAX_WINDOW))  # A stream's window.
    connection.sendall(
        _frame(_WINDOW_UPDATE, 0, 0, struct.pack(">I", _MAX_WINDOW - 65535))
        + _asked(1, request)
    )
    return connection


def _ended_streams(connection):
    """The streams that the server ends, one after the other."""
    incoming = connection.makefile("rb")
    while True:
        length, kind, flags, stream = struct.unpack(">3sBBI", incoming.read(9))
        incoming.read(int.from_bytes(length, "big"))
        if kind == _SETTINGS and not flags & _ACK:
            connection.sendall(_frame(_SETTINGS, _ACK, 0, b""))
        if kind == _HEADERS and flags & _END_STREAM:
            yield stream


class UnreadAnswerTest(unittest.TestCase):
    def test_past_the_limit_a_connection_is_refused_on_whatever_thread_its_calls_are(self):
        threads = 8
        with ServerProcess(f"--threads={threads}") as server:
            self.put(server, b"large", b"v" * _VALUE_BYTES)
            request = kv_pb2.BatchGetRequest(keys=[b"large"] * _COPIES)
            # Each thread may find room at the same moment.
            held = _MAX_HELD_BYTES // (_COPIES * _VALUE_BYTES) + 1 + threads
            with _connect(server.address) as connection:
                streams = [2 * i + 1 for i in range(60)]
                connection.sendall(b"".join(_asked(stream, request) for stream in streams))
                # With windows as they come no answer is sent whole: those that end were refused.
                ended = _ended_streams(connection)
                refused = {next(ended) for _ in range(len(streams) - held)}
                self.assertLess(refused, set(streams))
                # Calls whose answers may be large are refused as well: it could not end else.
                for method, large in ((b"Txn", self.a_txn()), (b"BatchWrite", self.a_batch())):
                    streams.append(streams[-1] + 2)
                    connection.sendall(_asked(streams[-1], large, method))
                    while next(ended) != streams[-1]:
                        pass

    # gRPC would wait for such a connection until the kernel gives it up, after 20 seconds.
    def test_the_connection_is_broken_when_the_time_for_answers_is_over(self):
        # Or the value would be kept for watches.
        with ServerProcess("--watch_history_bytes=0") as server:
            self.put(server, b"large", b"v" * _VALUE_BYTES)
            request = kv_pb2.BatchGetRequest(keys=[b"large"] * _COPIES)
            with _ask(server.address, request):
                self.wait_for_answer_under_way(server)
                server.terminate()
                self.assertEqual(server.wait(), 0)
                self.assertIn("connections broken, as their clients did not read: 1\n", server.stderr())

    def a_txn(self):
        request = kv_pb2.TxnRequest()
        request.success.add().get.key = b"large"
        return request

    def a_batch(self):
        request = kv_pb2.BatchWriteRequest()
        request.writes.add().put.key = b"k"
        return request

    def put(self, server, key, value):
        with grpc.insecure_channel(server.address) as channel:
            request = kv_pb2.PutRequest(key=key, value=value)
            kv_pb2_grpc.KeyValueServiceStub(channel).Put(request, timeout=PATIENCE_SECONDS)

    def wait_for_answer_under_way(self, server):
        """Returns when the value that the answer refers to is replaced, and kept for it."""
        with grpc.insecure_channel(server.admin_address) as channel:
            admin = admin_pb2_grpc.AdminServiceStub(channel)
            kept_bytes = 0
            while kept_bytes == 0:
                self.put(server, b"large", b"w" * _VALUE_BYTES)
                status = admin.GetStatus(admin_pb2.GetStatusRequest(), timeout=PATIENCE_SECONDS)
                kept_bytes = status.memory.kept_bytes


if __name__ == "__main__":
    unittest.main()
