"""A server that is to end while a client is stopped in the middle of a large answer.

gRPC would wait for such a connection until the kernel gives it up, after 20 seconds.
"""

import os
import signal
import subprocess
import sys
import threading
import unittest

import grpc

from proto.rcukv.v1 import admin_pb2, admin_pb2_grpc, kv_pb2, kv_pb2_grpc
from server.server_process import PATIENCE_SECONDS, ServerProcess

# Its answer is far more than what fits between the server and a client that is stopped.
_VALUE_BYTES = 1 << 20
_COPIES = 60


def stop_in_the_middle_of_an_answer(address):
    """The child: reads one answer, and stops itself when it has sent its next request."""
    second_is_sent = threading.Event()

    def requests():
        yield kv_pb2.BatchGetRequest(keys=[b"small"])
        yield kv_pb2.BatchGetRequest(keys=[b"large"] * _COPIES)
        second_is_sent.set()
        threading.Event().wait()

    options = [("grpc.max_receive_message_length", -1)]
    with grpc.insecure_channel(address, options) as channel:
        answers = kv_pb2_grpc.KeyValueServiceStub(channel).StreamBatchGet(requests())
        next(answers)
        second_is_sent.wait()
        os.kill(os.getpid(), signal.SIGSTOP)


class StoppedClientTest(unittest.TestCase):
    def test_its_connection_is_broken_when_the_time_for_answers_is_over(self):
        with ServerProcess() as server:
            self.put(server, b"small", b"value")
            self.put(server, b"large", b"v" * _VALUE_BYTES)
            with subprocess.Popen([sys.executable, __file__, server.address]) as client:
                try:
                    _, status = os.waitpid(client.pid, os.WUNTRACED)
                    self.assertTrue(os.WIFSTOPPED(status), status)
                    self.wait_for_answer_under_way(server)
                    server.terminate()
                    self.assertEqual(server.wait(), 0)
                    self.assertIn("connections broken, as their clients did not read: 1\n", server.stderr())
                finally:
                    client.kill()

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
    if len(sys.argv) > 1:
        stop_in_the_middle_of_an_answer(sys.argv[1])
    else:
        unittest.main()
