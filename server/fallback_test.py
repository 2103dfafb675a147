"""What the program does where the system has not what a flavor or a mode needs."""

import errno
import os
import subprocess
import unittest

import grpc

from proto.rcukv.v1 import admin_pb2, admin_pb2_grpc
from server import server_process
from server.server_process import PATIENCE_SECONDS, ServerProcess

_REFUSE_MEMBARRIER = os.path.join("server", "refuse_membarrier")
_NO_FILTER = 77

# Commands of membarrier, by number.
_ALL = -1
_GLOBAL = 1

# In <errno.h>'s words: what a seccomp profile answers, what one of Docker's does, and what
# the kernel says of GLOBAL under nohz_full.
_EPERM, _ENOSYS, _EINVAL = (
    (number, os.strerror(number)) for number in (errno.EPERM, errno.ENOSYS, errno.EINVAL)
)

_WITHOUT_RSEQ = {"GLIBC_TUNABLES": "glibc.pthread.rseq=0"}


def refusing(error, command=_ALL):
    """The wrapper of a server that is refused membarrier."""
    return (_REFUSE_MEMBARRIER, str(error[0]), str(command))


def update_membarrier(server, mode):
    with grpc.insecure_channel(server.admin_address) as channel:
        request = admin_pb2.UpdateReclamationRequest(membarrier_mode=mode)
        admin_pb2_grpc.AdminServiceStub(channel).UpdateReclamation(
            request, timeout=PATIENCE_SECONDS
        )


def get_status(server):
    with grpc.insecure_channel(server.admin_address) as channel:
        return admin_pb2_grpc.AdminServiceStub(channel).GetStatus(
            admin_pb2.GetStatusRequest(), timeout=PATIENCE_SECONDS
        )


def why_it_does_not_start(*flags):
    """Empty where a server with these flags starts."""
    try:
        with ServerProcess(*flags):
            return ""
    except RuntimeError as error:
        return str(error)


class FallbackTest(unittest.TestCase):
    def setUp(self):
        code = subprocess.run([*refusing(_EPERM), "/bin/true"], check=False).returncode
        if code == _NO_FILTER:
            self.skipTest("this system accepts no seccomp filter")

    def assert_falls_back(self, flags, cause, **circumstances):
        with ServerProcess(*flags, "--rcu_fallback=mb", **circumstances) as server:
            self.assertIn("flavor mb, membarrier none", server.first_line)
            said = server.stderr()
            self.assertEqual(said.count("\n"), 1, said)
            self.assertIn("serving with flavor mb instead", said)
            self.assertIn(cause, said)
            self.assertEqual(get_status(server).flavor, admin_pb2.MB)

    def assert_refuses(self, flags, cause, remedy, **circumstances):
        done = server_process.run(*flags, "--store=memory", "--rcu_fallback=refuse", **circumstances)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for part in (cause, remedy):
            self.assertIn(part, done.stderr)

    def test_without_membarrier_it_serves_with_mb_and_says_why(self):
        for error in (_EPERM, _ENOSYS):
            with self.subTest(error=error):
                self.assert_falls_back(
                    ["--rcu_flavor=memb"], f"membarriers: {error[1]}", wrapper=refusing(error)
                )

    def test_without_membarrier_it_refuses_with_a_remedy(self):
        for error in (_EPERM, _ENOSYS):
            with self.subTest(error=error):
                self.assert_refuses(
                    ["--rcu_flavor=memb"],
                    f"membarriers: {error[1]}",
                    "--rcu_fallback=mb",
                    wrapper=refusing(error),
                )

    def test_rseq_needs_membarrier_as_well(self):
        flags = ["--rcu_flavor=rseq"]
        if cause := why_it_does_not_start(*flags, "--rcu_fallback=refuse"):
            self.skipTest(f"rseq lacks more than membarrier here: {cause}")
        for error in (_EPERM, _ENOSYS):
            with self.subTest(error=error):
                cause = f"membarriers: {error[1]}"
                wrapper = refusing(error)
                self.assert_falls_back(flags, cause, wrapper=wrapper)
                self.assert_refuses(flags, cause, "--rcu_fallback=mb", wrapper=wrapper)

    def test_a_mode_that_is_refused_alone_is_named_for_rseq_too(self):
        flags = ["--rcu_flavor=rseq", "--membarrier_mode=non_expedited"]
        if cause := why_it_does_not_start(*flags, "--rcu_fallback=refuse"):
            self.skipTest(f"rseq does not start here anyway: {cause}")
        wrapper = refusing(_EINVAL, _GLOBAL)
        cause = f"non-expedited membarrier: {_EINVAL[1]}"
        self.assert_refuses(flags, cause, "--membarrier_mode=expedited", wrapper=wrapper)
        self.assert_falls_back(flags, cause, wrapper=wrapper)

    def test_flavors_that_need_no_membarrier_do_not_care(self):
        for flavor in ("mb", "signal", "qsbr", "rwlock", "mutex"):
            with self.subTest(flavor=flavor), ServerProcess(
                f"--rcu_flavor={flavor}", "--rcu_fallback=refuse", wrapper=refusing(_EPERM)
            ) as server:
                self.assertIn(f"flavor {flavor}, membarrier none", server.first_line)
                self.assertEqual(server.stderr(), "")

    def test_a_mode_that_is_refused_alone_is_named_with_one_that_works(self):
        for mode in ("non_expedited", "adaptive"):
            with self.subTest(mode=mode):
                flags = [f"--membarrier_mode={mode}"]
                wrapper = refusing(_EINVAL, _GLOBAL)
                cause = f"non-expedited membarrier: {_EINVAL[1]}"
                self.assert_refuses(flags, cause, "--membarrier_mode=expedited", wrapper=wrapper)
                self.assert_falls_back(flags, cause, wrapper=wrapper)

    def test_a_mode_that_is_refused_at_run_time_leaves_the_one_before(self):
        with ServerProcess("--rcu_flavor=memb", wrapper=refusing(_EINVAL, _GLOBAL)) as server:
            for mode in (admin_pb2.NON_EXPEDITED, admin_pb2.ADAPTIVE):
                with self.assertRaises(grpc.RpcError) as raised:
                    update_membarrier(server, mode)
                self.assertEqual(raised.exception.code(), grpc.StatusCode.FAILED_PRECONDITION)
                self.assertIn(_EINVAL[1], raised.exception.details())
            self.assertEqual(get_status(server).membarrier_mode, admin_pb2.EXPEDITED)
            update_membarrier(server, admin_pb2.GLOBAL_EXPEDITED)
            self.assertEqual(get_status(server).membarrier_mode, admin_pb2.GLOBAL_EXPEDITED)

    def test_without_restartable_sequences_rseq_falls_back_or_refuses(self):
        cause = "restartable sequences"
        flags = ["--rcu_flavor=rseq"]
        self.assert_falls_back(flags, cause, environment=_WITHOUT_RSEQ)
        self.assert_refuses(flags, cause, "choose memb", environment=_WITHOUT_RSEQ)


if __name__ == "__main__":
    unittest.main()
