"""A server that is to end while a client does not read the rest of a large answer.

gRPC would wait for such a connection until the kernel gives it up, after 20 seconds.
"""

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


def _frame(kind, flags, stream, payload):
    """An HTTP/2 frame: RFC 9113, section 4.1."""
    length = struct.pack(">I", len(payload))[1:]
    return length + struct.pack(">BBI", kind, flags, stream) + payload


def _header(name, value):
    """A literal header field without indexing: RFC 7541, section 6.2.2."""
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


def _ask(address, path, request):
    """A connection that has asked, by hand, as gRPC's own client cannot help reading.

    Its windows are as large as can be: it is TCP's buffers that fill up, not HTTP/2's.
    """
    message = request.SerializeToString()
    headers = (
        _header(b":method", b"POST")
        + _header(b":scheme", b"http")
        + _header(b":path", path)
        + _header(b":authority", b"test")
        + _header(b"te", b"trailers")
        + _header(b"content-type", b"application/grpc")
    )
    host, port = address.split(":")
    connection = socket.create_connection((host, int(port)))
    connection.sendall(
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        + _frame(4, 0, 0, struct.pack(">HI", 4, _MAX_WINDOW))  # SETTINGS: a stream's window
        + _frame(8, 0, 0, struct.pack(">I", _MAX_WINDOW - 65535))  # and the connection's
        + _frame(1, 4, 1, headers)
        + _frame(0, 0, 1, b"\0" + struct.pack(">I", len(message)) + message)
    )
    return connection


class UnreadAnswerTest(unittest.TestCase):
    def test_the_connection_is_broken_when_the_time_for_answers_is_over(self):
        with ServerProcess() as server:
            self.put(server, b"large", b"v" * _VALUE_BYTES)
            path = b"/rcukv.v1.KeyValueService/StreamBatchGet"
            request = kv_pb2.BatchGetRequest(keys=[b"large"] * _COPIES)
            with _ask(server.address, path, request):
                self.wait_for_answer_under_way(server)
                server.terminate()
                self.assertEqual(server.wait(), 0)
                self.assertIn("connections broken, as their clients did not read: 1\n", server.stderr())

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
