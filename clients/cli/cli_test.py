#!/usr/bin/python3
"""rcukv as a process, against a real server. Usage: cli_test.py RCUKV SERVER [TEST...]"""

import base64
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

RCUKV = os.path.abspath(sys.argv.pop(1))
SERVER = os.path.abspath(sys.argv.pop(1))

DONE, NOT_FOUND, BAD_INPUT, UNREACHABLE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 4, 130

# No command takes so long unless something hangs.
PATIENCE_SECONDS = 60

NOT_UTF8 = b"\xff\x00\xc3("


class Server:
    """A server of its own for a test class; killed when it is closed."""

    def __init__(self, *flags):
        self.process = subprocess.Popen(
            [
                SERVER,
                "--listen=127.0.0.1:0",
                "--admin_listen=127.0.0.1:0",
                "--store=memory",
                *flags,
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        self.address, self.admin = re.search(
            r"listening on (\S+) \(admin (\S+)\)", line
        ).groups()

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def environment(self):
        return {**os.environ, "RCUKV_SERVER": self.address, "RCUKV_ADMIN": self.admin}


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def objects(self):
        return [json.loads(line) for line in self.out.splitlines()]


def run(environment, *words, stdin=b""):
    done = subprocess.run(
        [RCUKV, *words],
        input=stdin,
        capture_output=True,
        env=environment,
        timeout=PATIENCE_SECONDS,
    )
    return Result(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


def free_address():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return "127.0.0.1:%d" % listener.getsockname()[1]


class CliTest(unittest.TestCase):
    """Each test has a table of its own, which is empty at first."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.close)
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)

    def setUp(self):
        self.table = self.id().rsplit(".", 1)[-1][:100]
        self.expect(DONE, "table", "create", self.table)

    def run_cli(self, *words, stdin=b""):
        return run(
            self.server.environment(), "--table", self.table, *words, stdin=stdin
        )

    def expect(self, code, *words, stdin=b""):
        result = self.run_cli(*words, stdin=stdin)
        self.assertEqual(result.code, code, (words, result.out[:500], result.err))
        return result

    def file(self, name, contents):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as file:
            file.write(contents)
        return path

    def contents(self):
        """The table as the server has it."""
        entries = {}
        for entry in self.expect(DONE, "scan", "--json").objects():
            key, value = (
                base64.b64decode(entry[name + "_base64"])
                if name + "_base64" in entry
                else entry[name].encode()
                for name in ("key", "value")
            )
            self.assertNotIn(key, entries)
            entries[key] = value
        return entries


class KeyTest(CliTest):
    def test_put_get_del(self):
        self.assertRegex(self.expect(DONE, "put", "colour", "green").out, rb"^revision \d+\n$")
        self.assertEqual(self.expect(DONE, "get", "colour").out, b"green")
        self.expect(DONE, "del", "colour")
        self.assertIn("key not found: colour", self.expect(NOT_FOUND, "get", "colour").err)
        self.assertIn("key not found: colour", self.expect(NOT_FOUND, "del", "colour").err)

    def test_a_value_goes_in_and_out_byte_for_byte(self):
        for value in (b"", b"\n", NOT_UTF8, bytes(range(256)) * 4096):
            self.expect(DONE, "put", "key", "-", stdin=value)
            self.assertEqual(self.expect(DONE, "get", "key").out, value)

    def test_on_a_terminal_a_value_ends_its_line(self):
        self.expect(DONE, "put", "key", "value")
        terminal, end = pty.openpty()
        subprocess.run(
            [RCUKV, "get", "key", "--table", self.table],
            stdout=end,
            env=self.server.environment(),
            check=True,
        )
        self.assertEqual(os.read(terminal, 100), b"value\r\n")
        os.close(terminal)
        os.close(end)

    def test_json_of_one_key(self):
        revision = self.expect(DONE, "put", "key", "value", "--json").objects()[0]["revision"]
        self.assertEqual(
            self.expect(DONE, "get", "key", "--json").objects(),
            [
                {
                    "key": "key",
                    "found": True,
                    "value": "value",
                    "mod_revision": revision,
                    "create_revision": revision,
                }
            ],
        )
        self.assertEqual(
            self.expect(NOT_FOUND, "get", "none", "--json").objects(),
            [{"key": "none", "found": False}],
        )
        deleted = self.expect(DONE, "del", "key", "--json").objects()[0]
        self.assertEqual((deleted["key"], deleted["deleted"]), ("key", True))

    def test_an_expected_revision_is_compared(self):
        put = self.expect(DONE, "put", "key", "1", "--if-revision", "0", "--json")
        revision = put.objects()[0]["revision"]
        refused = self.expect(REFUSED, "put", "key", "2", "--if-revision", "0")
        self.assertIn("FAILED_PRECONDITION", refused.err)
        self.expect(DONE, "put", "key", "3", "--if-revision=%d" % revision)
        self.expect(REFUSED, "del", "key", "--if-revision=%d" % revision)
        self.assertEqual(self.expect(DONE, "get", "key").out, b"3")

    def test_a_key_that_must_not_exist_is_deleted_with_success(self):
        self.assertRegex(self.expect(DONE, "del", "none", "--if-revision=0").out, rb"^revision \d+\n$")
        self.expect(DONE, "put", "key", "1")
        self.expect(REFUSED, "del", "key", "--if-revision=0")

    def test_keys_may_begin_with_dashes(self):
        self.expect(DONE, "put", "--", "--key", "-value")
        self.assertEqual(self.expect(DONE, "get", "--", "--key").out, b"-value")

    def test_mget_keeps_the_order_and_tells_what_is_missing(self):
        self.expect(DONE, "put", "a", "1\t\n\\")
        self.expect(DONE, "put", "b", "2")
        both = self.expect(DONE, "mget", "b", "a")
        self.assertEqual(both.out, b"b\t2\na\t1\\t\\n\\\\\n")
        some = self.expect(NOT_FOUND, "mget", "a", "none", "b")
        self.assertEqual(some.out, b"a\t1\\t\\n\\\\\nb\t2\n")
        self.assertIn("key not found: none", some.err)

    def test_mget_reads_any_number_of_keys_from_standard_input(self):
        lines = b"".join(b"key%d\t%d\n" % (i, i) for i in range(1000))
        self.expect(DONE, "load", stdin=lines)
        keys = b"".join(b"key%d\r\n" % i for i in range(1000))
        self.assertEqual(self.expect(DONE, "mget", stdin=keys).out, lines)
        self.assertEqual(self.expect(DONE, "mget", stdin=b"").out, b"")

    def test_mget_json(self):
        self.expect(DONE, "put", "key", "-", stdin=NOT_UTF8)
        found, missing = self.expect(NOT_FOUND, "mget", "--json", "key", "none").objects()
        self.assertEqual(base64.b64decode(found["value_base64"]), NOT_UTF8)
        self.assertTrue(found["found"])
        self.assertEqual(missing, {"key": "none", "found": False})

    def test_scan(self):
        self.expect(DONE, "load", stdin=b"lime\tgreen\nlemon\tyellow\nplum\tblue\n")
        scan = lambda *words: sorted(self.expect(DONE, "scan", *words).out.splitlines())
        self.assertEqual(scan(), [b"lemon\tyellow", b"lime\tgreen", b"plum\tblue"])
        self.assertEqual(scan("--prefix", "l", "--keys-only"), [b"lemon", b"lime"])
        self.assertEqual(len(scan("--limit", "2")), 2)
        self.assertEqual(scan("--limit", "0"), [])
        keys = self.expect(DONE, "scan", "--keys-only", "--json").objects()
        self.assertEqual({key["key"] for key in keys}, {"lime", "lemon", "plum"})
        self.assertNotIn("value", keys[0])

    def test_scan_of_large_values(self):
        value = b"v" * (1 << 20)
        lines = b"".join(b"key%d\t%s\n" % (i, value) for i in range(100))
        self.expect(DONE, "load", "--timeout=30s", stdin=lines)
        self.assertEqual(set(self.contents().values()), {value})
        self.assertEqual(len(self.contents()), 100)

    def test_a_reader_that_stops_early_ends_a_scan_quietly(self):
        value = b"v" * 1000
        self.expect(DONE, "load", stdin=b"".join(b"%d\t%s\n" % (i, value) for i in range(2000)))
        with subprocess.Popen(
            [RCUKV, "scan", "--table", self.table],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.server.environment(),
        ) as scan:
            scan.stdout.readline()
            scan.stdout.close()
            self.assertEqual(scan.stderr.read(), b"")

    def test_output_that_cannot_be_written_is_an_error(self):
        self.expect(DONE, "put", "key", "value")
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [RCUKV, "get", "key", "--table", self.table],
                stdout=full,
                stderr=subprocess.PIPE,
                env=self.server.environment(),
            )
        self.assertEqual(done.returncode, BAD_INPUT)
        self.assertIn(b"No space left", done.stderr)


class TxnTest(CliTest):
    def test_a_transfer_between_two_accounts(self):
        self.expect(DONE, "put", "alice", "100")
        transfer = "if value alice = 100 missing bob then put alice 60 put bob 40 else get alice get bob".split()
        done = self.expect(DONE, "txn", *transfer)
        self.assertRegex(done.out, rb"^succeeded, revision \d+\nput\talice\nput\tbob\n$")
        self.assertEqual(self.contents(), {b"alice": b"60", b"bob": b"40"})
        failed = self.expect(NOT_FOUND, "txn", *transfer)
        self.assertRegex(failed.out, rb"^failed, revision \d+\nget\talice\t60\nget\tbob\t40\n$")

    def test_each_operation_has_a_line(self):
        done = self.expect(DONE, "txn", "then", "put", "a", "1\t\n", "get", "a", "get", "none", "del", "none")
        self.assertEqual(
            done.out.splitlines()[1:], [b"put\ta", b"get\ta\t1\\t\\n", b"get\tnone", b"del\tnone\tmissing"]
        )
        self.assertEqual(self.expect(DONE, "txn", "then", "del", "a").out.splitlines()[1], b"del\ta\tdeleted")

    def test_words_behind_the_first_may_begin_with_dashes(self):
        self.expect(DONE, "txn", "then", "put", "--help", "--json")
        self.assertEqual(self.contents(), {b"--help": b"--json"})

    def test_revisions_are_compared(self):
        revision = self.expect(DONE, "put", "k", "1", "--json").objects()[0]["revision"]
        for subject in ("mod", "create"):
            self.expect(DONE, "txn", "if", subject, "k", "eq", "%d" % revision)
            self.expect(DONE, "txn", "if", subject, "k", "gt", "%d" % (revision - 1))
            self.expect(NOT_FOUND, "txn", "if", subject, "k", "lt", "%d" % revision)
            self.expect(NOT_FOUND, "txn", "if", subject, "k", "!=", "%d" % revision)
            self.expect(DONE, "txn", "if", subject, "none", "=", "0")

    def test_what_is_typed_into_it(self):
        script = b"""# Takes what was put,
            # as bytes,
            if value "two words" = "\\x00\\xff"
            then del "two words" put "" x
        """
        refused = self.expect(REFUSED, "txn", stdin=script.replace(b"if", b"#if"))
        self.assertIn("success[1].put.key: empty", refused.err)
        self.expect(DONE, "put", "two words", "-", stdin=b"\0\xff")
        self.expect(DONE, "txn", stdin=script.replace(b'""', b'"a\\nb"'))
        self.assertEqual(self.contents(), {b"a\nb": b"x"})

    def test_json(self):
        revision = self.expect(DONE, "put", "k", "1", "--json").objects()[0]["revision"]
        words = "txn --json then get k get none put a 1 del k else get a".split()
        self.assertEqual(
            self.expect(DONE, *words).objects(),
            [
                {
                    "succeeded": True,
                    "revision": revision + 1,
                    "responses": [
                        {
                            "get": {
                                "key": "k",
                                "found": True,
                                "value": "1",
                                "mod_revision": revision,
                                "create_revision": revision,
                            }
                        },
                        {"get": {"key": "none", "found": False}},
                        {"put": {"key": "a"}},
                        {"del": {"key": "k", "deleted": True}},
                    ],
                }
            ],
        )
        failed = self.expect(NOT_FOUND, "txn", "--json", "if", "exists", "none").objects()[0]
        self.assertEqual(failed, {"succeeded": False, "revision": revision + 1, "responses": []})

    def test_what_is_wrong_is_named(self):
        for words, error in [
            (("txn", "get", "a"), "word 1 is get: expected if, then or else"),
            (("txn", "if", "then", "put", "a", "1"), "word 2 is then: expected value"),
            (("txn", "then", "put", "a"), "word 4 is missing: expected a value"),
            (("txn", "if", "mod", "a", "=", "x"), "word 5 is x: expected a revision"),
        ]:
            self.assertIn(error, self.expect(BAD_INPUT, *words).err)
        self.assertIn("word 1 is missing", self.expect(BAD_INPUT, "txn").err)
        unclosed = self.expect(BAD_INPUT, "txn", stdin=b'then\nput "a')
        self.assertIn("standard input:2: a double quote", unclosed.err)
        twice = self.expect(REFUSED, "txn", "then", "put", "a", "1", "del", "a")
        self.assertIn('success[1].delete.key: "a" is written by success[0] already', twice.err)
        self.assertEqual(self.contents(), {})


class LoadTest(CliTest):
    def test_tsv_is_read_back_byte_for_byte(self):
        mebibyte = bytes(b if b not in b"\n\r" else 0 for b in os.urandom(1 << 20))
        path = self.file(
            "good.tsv",
            b"plain\t1\r\n\nempty\t\ntabs\t\t2\t\n\xff\0\t\0\xff\nlarge\t" + mebibyte + b"\nlast\t3",
        )
        loaded = self.expect(DONE, "load", path)
        self.assertRegex(loaded.out, rb"^loaded 6 entries: [\d,]+ bytes in .*entries/s\n$")
        self.assertEqual(
            self.contents(),
            {
                b"plain": b"1",
                b"empty": b"",
                b"tabs": b"\t2\t",
                b"\xff\0": b"\0\xff",
                b"large": mebibyte,
                b"last": b"3",
            },
        )

    def test_json_lines_are_read_back_byte_for_byte(self):
        entries = {
            b"text": "é\u2028\"\\\n\0".encode(),
            b"bytes": NOT_UTF8,
            NOT_UTF8: b"value",
            b"large": os.urandom(1 << 20),
        }
        lines = []
        for key, value in entries.items():
            line = {}
            for name, data in (("key", key), ("value", value)):
                try:
                    line[name] = data.decode()
                except UnicodeDecodeError:
                    line[name + "_base64"] = base64.b64encode(data).decode()
            lines.append(json.dumps({"comment": [{}], **line}))
        path = self.file("good.jsonl", "\r\n".join(lines).encode())
        summary = self.expect(DONE, "load", "--json", path).objects()[0]
        self.assertEqual(summary["loaded"], len(entries))
        self.assertEqual(
            summary["bytes"], sum(len(key) + len(value) for key, value in entries.items())
        )
        self.assertEqual(self.contents(), entries)

    def test_a_package_index_is_read_back_byte_for_byte(self):
        stanzas = {
            b"a": b"Package: a\nVersion: 1\nDescription: one\n two\n .\n",
            b"b": b"Version: 2\r\nPackage: b\r\n",
            b"c": b"Package: c\nTag: x,\n y",
        }
        self.expect(
            DONE, "load", "--format=deb", "-", stdin=b"\n" + b"\n".join(stanzas.values())
        )
        self.assertEqual(self.contents(), stanzas)

    def test_of_equal_packages_the_last_counts(self):
        index = b"".join(b"Package: %d\nX: %d\n\n" % (i % 100, i) for i in range(1000))
        loaded = self.expect(DONE, "load", "--format=deb", stdin=index)
        self.assertIn(b"loaded 1,000 entries", loaded.out)
        self.assertIn(b"900 duplicate keys, the last of each was kept", loaded.out)
        self.assertEqual(
            self.contents(),
            {b"%d" % (i % 100): b"Package: %d\nX: %d\n" % (i % 100, i) for i in range(900, 1000)},
        )

    def test_what_scan_prints_as_json_can_be_loaded(self):
        self.expect(DONE, "load", stdin=b"a\t1\n\xff\t\0\xfe\nc\t\xc3\xa9\n")
        dump = self.expect(DONE, "scan", "--json").out
        before = self.contents()
        for key in (b"a", b"\xff", b"c"):
            subprocess.run(
                [RCUKV.encode(), b"--table", self.table.encode(), b"del", key],
                env=self.server.environment(),
                stdout=subprocess.DEVNULL,
                check=True,
            )
        self.assertEqual(self.contents(), {})
        self.expect(DONE, "load", "--format=jsonl", stdin=dump)
        self.assertEqual(self.contents(), before)

    def test_an_empty_file_is_loaded(self):
        for name in ("tsv", "jsonl", "deb"):
            loaded = self.expect(DONE, "load", "--format", name, self.file("empty", b""))
            self.assertIn(b"loaded 0 entries", loaded.out)

    def test_a_broken_line_ends_the_load_and_is_named(self):
        broken = {
            "tsv": (b"%d\tv\n", b"broken\n", 8, "no TAB"),
            "jsonl": (b'{"key":"%d","value":"v"}\n', b"{broken}\n", 8, "not a JSON object"),
            "deb": (b"Package: %d\n\n", b"Broken: 1\n\n", 15, "no Package field"),
        }
        for name, (good, bad, line, error) in broken.items():
            with self.subTest(name):
                path = self.file(
                    "broken." + name,
                    b"".join(good % i for i in range(7)) + bad + good % 7,
                )
                result = self.expect(BAD_INPUT, "load", "--format", name, path)
                self.assertIn("%s:%d: " % (path, line), result.err)
                self.assertIn(error, result.err)
                self.assertIn(b"loaded 7 entries before it", result.out)
                self.assertEqual(sorted(self.contents()), [b"%d" % i for i in range(7)])

                result = self.expect(DONE, "load", "--skip-bad", "--format", name, path)
                self.assertIn("skipped: %s:%d: " % (path, line), result.err)
                self.assertIn(b"skipped 1 bad entry", result.out)
                self.assertEqual(sorted(self.contents()), [b"%d" % i for i in range(8)])
                for i in range(8):
                    self.expect(DONE, "del", "%d" % i)

    def test_standard_input_is_named_too(self):
        result = self.expect(BAD_INPUT, "load", stdin=b"a\t1\nbroken\n")
        self.assertIn("standard input:2: ", result.err)

    def test_what_is_over_the_servers_limits_ends_the_load_and_is_named(self):
        for bad in (b"k" * 5000 + b"\tv\n", b"k\t" + b"v" * (1 << 20) + b"v\n"):
            with self.subTest(len(bad)):
                lines = b"a\t1\nb\t2\n" + bad + b"".join(b"x%d\t\n" % i for i in range(500))
                result = self.expect(BAD_INPUT, "load", stdin=lines)
                self.assertIn("standard input:3: key \"k", result.err)
                self.assertIn(b"loaded 2 entries before it", result.out)
                self.assertEqual(self.contents(), {b"a": b"1", b"b": b"2"})
        result = self.expect(DONE, "load", "--skip-bad", stdin=lines)
        self.assertIn(b"loaded 502 entries", result.out)
        self.assertIn("skipped: standard input:3: ", result.err)

    def test_a_line_without_end_is_refused_in_bounded_memory(self):
        lines = b"a\t1\nb\t" + b"v" * (40 << 20) + b"\nc\t3\n"
        result = self.expect(DONE, "load", "--skip-bad", stdin=lines)
        self.assertIn("standard input:2: the line is longer than", result.err)
        self.assertEqual(self.contents(), {b"a": b"1", b"c": b"3"})

    def test_a_file_that_cannot_be_read_is_named(self):
        result = self.expect(BAD_INPUT, "load", "/no/such/file")
        self.assertIn("/no/such/file: No such file or directory", result.err)
        result = self.expect(BAD_INPUT, "load", self.folder.name)
        self.assertIn("Is a directory", result.err)
        self.assertNotIn(b"--skip-bad", result.out)

    def test_an_unknown_table_is_refused(self):
        result = self.expect(REFUSED, "load", "--table=none", stdin=b"a\t1\n")
        self.assertIn("none", result.err)
        self.assertIn(b"loaded 0 entries", result.out)

    def test_a_full_server_is_reported_with_the_key(self):
        server = Server("--memory_limit=1MiB")
        self.addCleanup(server.close)
        lines = b"".join(b"key%d\t%s\n" % (i, b"v" * 1000) for i in range(5000))
        result = run(server.environment(), "load", stdin=lines)
        self.assertEqual(result.code, REFUSED, result.err)
        self.assertRegex(result.err, r'standard input:\d+: key "key\d+": ')
        loaded = int(re.search(rb"loaded ([\d,]+)", result.out)[1].replace(b",", b""))
        keys = run(server.environment(), "scan", "--keys-only").out.splitlines()
        self.assertEqual(len(keys), loaded)

    def start_load(self, server):
        return subprocess.Popen(
            [RCUKV, "load"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=server.environment(),
        )

    def await_key(self, server, key):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while run(server.environment(), "get", key).code != DONE:
            self.assertLess(time.monotonic(), deadline, "%s was never loaded" % key)

    def test_an_interrupt_ends_the_load_with_a_report(self):
        server = Server()
        self.addCleanup(server.close)
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number), self.start_load(server) as load:
                name = number.name.encode()
                load.stdin.write(b"".join(b"%s%d\t\n" % (name, i) for i in range(1000)))
                load.stdin.flush()
                self.await_key(server, number.name + "999")
                load.send_signal(number)
                load.wait(PATIENCE_SECONDS)  # With its input still open.
                out, err = load.communicate()
                self.assertEqual(load.returncode, INTERRUPTED, err)
                self.assertIn(b"interrupted", err)
                self.assertIn(b"loaded 1,000 entries", out)

    def test_a_server_that_dies_ends_the_load(self):
        server = Server()
        with self.start_load(server) as load:
            load.stdin.write(b"first\t\n")
            load.stdin.flush()
            self.await_key(server, "first")
            server.close()
            load.stdin.write(b"second\t\n")
            out, err = load.communicate(timeout=PATIENCE_SECONDS)
            self.assertEqual(load.returncode, UNREACHABLE, err)
            self.assertIn(b'standard input:2: key "second"', err)
            self.assertIn(b"loaded 1 entry", out)


class AdminTest(CliTest):
    def test_status(self):
        self.expect(DONE, "put", "key", "value")
        text = self.expect(DONE, "status").out.decode()
        for word in ("server", "protection", "grace periods", "backlog", "TABLE", self.table):
            self.assertIn(word, text)
        status = self.expect(DONE, "status", "--json").objects()[0]
        self.assertEqual(status["pid"], str(self.server.process.pid))
        self.assertIn("recent_p50_ns", status["grace_periods"])
        tables = {table["name"]: table["entries"] for table in status["tables"]}
        self.assertEqual(tables[self.table], "1")

    def test_modes_are_set_and_the_ones_before_are_told(self):
        result = self.expect(DONE, "set-membarrier", "non-expedited")
        self.assertEqual(result.out, b"membarrier: non-expedited; before: expedited\n")
        result = self.expect(DONE, "set-membarrier", "expedited", "--json")
        self.assertEqual(result.objects()[0]["previous_membarrier_mode"], "NON_EXPEDITED")
        result = self.expect(DONE, "set-reclaim", "synchronize")
        self.assertEqual(result.out, b"reclaim: synchronize; before: call_rcu\n")
        self.expect(DONE, "put", "key", "1")
        self.expect(DONE, "put", "key", "2")
        result = self.expect(DONE, "set-reclaim", "call_rcu")
        self.assertEqual(result.out, b"reclaim: call_rcu; before: synchronize\n")

    def test_a_mode_that_the_flavor_lacks_is_refused(self):
        server = Server("--rcu_flavor=mb")
        self.addCleanup(server.close)
        result = run(server.environment(), "set-membarrier", "expedited")
        self.assertEqual(result.code, REFUSED, result.out)
        self.assertIn("FAILED_PRECONDITION", result.err)

    def test_tables(self):
        self.expect(DONE, "table", "create", "fruit")
        self.expect(DONE, "put", "--table=fruit", "lime", "green")
        self.assertRegex(self.expect(DONE, "table", "list").out.decode(), r"\nfruit +1 ")
        self.assertIn("ALREADY_EXISTS", self.expect(REFUSED, "table", "create", "fruit").err)
        self.assertIn("INVALID_ARGUMENT", self.expect(REFUSED, "table", "create", "a b").err)
        deleted = self.expect(DONE, "table", "delete", "fruit").out
        self.assertEqual(deleted, b"deleted table fruit with 1 entry\n")
        self.assertIn("NOT_FOUND", self.expect(REFUSED, "table", "delete", "fruit").err)
        self.expect(REFUSED, "table", "delete", "default")
        for command in (["get", "key"], ["put", "key", "v"], ["mget", "key"], ["scan"], ["del", "key"]):
            self.assertIn("fruit", self.expect(REFUSED, "--table=fruit", *command).err)

    def test_lookups(self):
        self.expect(DONE, "put", "key", "value")
        words = ["lookups", "--threads=1", "--seconds=0.05", "--batch=10"]
        self.assertIn(b"reads/s", self.expect(DONE, *words).out)
        result = self.expect(DONE, *words, "--sections-per-key=2", "--json").objects()[0]
        self.assertEqual(result["lookups"], result["hits"])
        self.assertIn("threads", self.expect(REFUSED, "lookups", "--threads=1000").err)

    def test_lookups_in_an_empty_table_say_so(self):
        self.assertIn(b"the table is empty", self.expect(DONE, "lookups").out)
        self.assertEqual(self.expect(DONE, "lookups", "--json").objects()[0]["lookups"], "0")

    def await_lookups(self, server):
        """Until the server has a thread that looks up."""
        threads = "/proc/%d/task" % server.process.pid
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for thread in os.listdir(threads):
                with open("%s/%s/comm" % (threads, thread)) as name:
                    if name.read() == "rcukv-lookup\n":
                        return
            time.sleep(0.01)
        self.fail("no lookups")

    def test_lookups_that_a_shutdown_cuts_short_are_marked(self):
        for words, mark in (([], b"of the 60 s asked for: the server cut it short"), (["--json"], b"")):
            with self.subTest(words):
                server = Server()
                self.addCleanup(server.close)
                run(server.environment(), "put", "key", "value")
                with subprocess.Popen(
                    [RCUKV, "lookups", "--threads=1", "--seconds=60", *words],
                    stdout=subprocess.PIPE,
                    env=server.environment(),
                ) as lookups:
                    self.await_lookups(server)
                    server.process.terminate()
                    out, _ = lookups.communicate(timeout=PATIENCE_SECONDS)
                self.assertEqual(lookups.returncode, UNREACHABLE, out)
                self.assertIn(b"lookups", out)
                self.assertIn(mark, out)


class UsageTest(CliTest):
    def test_help_for_every_command(self):
        overview = self.expect(DONE, "help").out.decode()
        self.assertEqual(self.expect(DONE, "--help").out.decode(), overview)
        commands = re.findall(r"^  ([a-z][a-z-]+) {2,}", overview, re.MULTILINE)
        self.assertLess({"get", "put", "load", "status", "lookups"}, set(commands))
        for command in commands:
            text = self.expect(DONE, "help", command).out
            self.assertIn(b"Usage: rcukv " + command.encode(), text)
            self.assertIn(b"Exit codes:", text)
            self.assertEqual(self.expect(DONE, command, "--help").out, text)

    def test_version(self):
        self.assertRegex(self.expect(DONE, "--version").out, rb"^rcukv \d+\.\d+\.\d+\n$")

    def test_wrong_usage_is_named(self):
        for words, error in (
            ([], "which command?"),
            (["fetch"], 'no command "fetch"'),
            (["help", "fetch"], 'no command "fetch"'),
            (["get"], "too few arguments; usage: rcukv get KEY"),
            (["get", "a", "b"], "too many arguments"),
            (["get", "a", "--colour"], "no flag --colour"),
            (["get", "a", "--timeout", "5"], "--timeout 5: not a time"),
            (["get", "a", "--timeout=-1s"], "--timeout -1s: not a time"),
            (["scan", "--limit", "many"], "--limit many: not a number"),
            (["load", "--format", "csv"], "--format csv: not one of tsv, jsonl, deb"),
            (["put", "k", "v", "--if-revision=-1"], "--if-revision -1: not a number"),
            (["set-membarrier", "fast"], '"fast" is not one of expedited'),
            (["set-membarrier", "MEMBARRIER_MODE_UNSPECIFIED"], "is not one of"),
            (["set-reclaim", "later"], '"later" is not one of call_rcu'),
            (["table", "drop", "x"], "usage: rcukv table list"),
            (["table", "create"], "usage: rcukv table list"),
            (["get", "a", "--server="], "--server: the address is empty"),
            (["status", "--admin", ""], "--admin: the address is empty"),
            (["get", "a", b"--table=\xff"], "is not UTF-8"),
            (["table", "create", b"\xff"], "is not UTF-8"),
            (["lookups", "--seconds=nan"], "--seconds nan: not a number"),
            (["lookups", "--threads=99999999999"], "--threads 99999999999: not a number"),
        ):
            with self.subTest(words):
                result = self.expect(BAD_INPUT, *words)
                self.assertIn(error, result.err)
                self.assertEqual(result.err.count("\n"), 1, result.err)
                self.assertEqual(result.out, b"")

    def test_a_closed_standard_stream_is_an_error(self):
        for words, closed, error in (
            (["load"], "<&-", "cannot read standard input"),
            (["mget"], "<&-", "cannot read standard input"),
            (["put", "key", "-"], "<&-", "cannot read standard input"),
            (["help"], ">&-", "cannot write to standard output"),
        ):
            with self.subTest(words):
                done = subprocess.run(
                    ["sh", "-c", 'exec "$@" ' + closed, "sh", RCUKV, "--table", self.table, *words],
                    capture_output=True,
                    env=self.server.environment(),
                    timeout=PATIENCE_SECONDS,
                )
                self.assertEqual(done.returncode, BAD_INPUT, done.stderr)
                self.assertIn(error, done.stderr.decode())

    def test_what_the_server_refuses_is_told_in_its_words(self):
        result = self.expect(REFUSED, "put", "k" * 5000, "value")
        self.assertIn("INVALID_ARGUMENT", result.err)
        self.assertIn("4096", result.err)
        self.expect(REFUSED, "get", "")

    def test_flags_win_over_the_environment(self):
        nowhere = {**os.environ, "RCUKV_SERVER": free_address(), "RCUKV_ADMIN": free_address()}
        done = run(nowhere, "--server", self.server.address, "put", "key", "value")
        self.assertEqual(done.code, DONE, done.err)
        done = run(nowhere, "status", "--admin=" + self.server.admin)
        self.assertEqual(done.code, DONE, done.err)

    def test_where_there_is_no_server_it_says_so(self):
        address = free_address()
        for words in (["get", "a"], ["load"], ["status"]):
            with self.subTest(words):
                result = self.expect(
                    UNREACHABLE, *words, "--timeout=100ms", "--server", address, "--admin", address
                )
                self.assertIn(address, result.err)
                self.assertIn("Connection refused", result.err)

    def test_the_two_addresses_taken_for_one_another_are_noticed(self):
        swapped = {
            **os.environ,
            "RCUKV_SERVER": self.server.admin,
            "RCUKV_ADMIN": self.server.address,
        }
        for words in (["get", "a"], ["status"]):
            result = run(swapped, *words)
            self.assertEqual(result.code, REFUSED)
            self.assertIn("is it the right one of its two addresses?", result.err)

    def test_a_server_that_does_not_answer_is_given_up(self):
        server = Server()
        self.addCleanup(server.close)
        server.process.send_signal(signal.SIGSTOP)
        result = run(server.environment(), "get", "key", "--timeout=200ms")
        self.assertEqual(result.code, UNREACHABLE, result.err)

    def test_a_proxy_for_the_web_is_not_asked(self):
        proxied = {**self.server.environment(), "http_proxy": "http://" + free_address()}
        done = run(proxied, "put", "key", "value")
        self.assertEqual(done.code, DONE, done.err)


if __name__ == "__main__":
    unittest.main()
