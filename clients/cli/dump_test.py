#!/usr/bin/python3
"""rcukv dump, restore and backup as processes. Usage: dump_test.py RCUKV SERVER [TEST...]"""

import base64
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import unittest

from cli_test import (
    BAD_INPUT,
    DONE,
    INTERRUPTED,
    NOT_UTF8,
    PATIENCE_SECONDS,
    RCUKV,
    REFUSED,
    CliTest,
    Server,
    run,
)

FORMATS = ("binary", "jsonl")


def in_base64(data):
    return base64.b64encode(data).decode()


class DumpTest(CliTest):
    def path(self, name):
        return os.path.join(self.folder.name, self.table + "." + name)

    def dump(self, name, *words):
        path = self.path(name)
        self.expect(DONE, "dump", path, "--format", name, *words)
        return path

    def put_everything_odd(self):
        entries = {b"text": "é\u2028\"\\\n\0".encode(), NOT_UTF8: b"", b"large": os.urandom(1 << 20)}
        for i in range(3000):
            entries[b"key%d" % i] = b"value%d" % i
        lines = (
            json.dumps({"key_base64": in_base64(key), "value_base64": in_base64(value)})
            for key, value in entries.items()
        )
        self.expect(DONE, "load", "--format=jsonl", stdin="\n".join(lines).encode())
        return entries


class RoundTripTest(DumpTest):
    def restore_elsewhere(self, *words, stdin=b""):
        """Into a new table, which becomes this test's."""
        self.table += "2"
        result = self.expect(DONE, "restore", "--create", *words, stdin=stdin)
        return result, self.contents()

    def test_what_is_dumped_is_restored_byte_for_byte(self):
        entries = self.put_everything_odd()
        for name in FORMATS:
            with self.subTest(name):
                path = self.dump(name)
                result, contents = self.restore_elsewhere(path)
                self.assertRegex(result.out, rb"^restored 3,003 entries: [\d,]+ bytes in .*entries/s\n$")
                self.assertEqual(contents, entries)

    def test_through_a_pipe(self):
        entries = self.put_everything_odd()
        for name in FORMATS:
            with self.subTest(name):
                dump = self.expect(DONE, "dump", "-", "--format", name)
                self.assertRegex(dump.err, r"^dumped 3,003 entries, all at revision ")
                _, contents = self.restore_elsewhere("-", stdin=dump.out)
                self.assertEqual(contents, entries)

    def test_an_empty_table(self):
        for name in FORMATS:
            with self.subTest(name):
                _, contents = self.restore_elsewhere(self.dump(name))
                self.assertEqual(contents, {})

    def test_all_tables_are_in_one_file_and_go_to_tables_of_their_names(self):
        server = Server()
        self.addCleanup(server.close)
        for name in ("a", "empty"):
            run(server.environment(), "table", "create", name)
        for table, key in (("a", "one"), ("a", "two"), ("default", "three")):
            run(server.environment(), "--table", table, "put", key, "of " + table)
        path = self.path("all")
        dump = run(server.environment(), "dump", "--all", path)
        self.assertEqual(dump.code, DONE, dump.err)

        fresh = Server()
        self.addCleanup(fresh.close)
        missing = run(fresh.environment(), "restore", path)
        self.assertEqual(missing.code, REFUSED)
        self.assertIn("there is no table a; --create would make it", missing.err)
        several = run(fresh.environment(), "restore", path, "--table=b")
        self.assertEqual(several.code, BAD_INPUT)
        self.assertIn("the dump is of 3 tables", several.err)
        restored = run(fresh.environment(), "restore", "--create", path)
        self.assertEqual(restored.code, DONE, restored.err)
        for table, keys in (("a", [b"one", b"two"]), ("empty", []), ("default", [b"three"])):
            listed = run(fresh.environment(), "--table", table, "scan", "--keys-only").out
            self.assertEqual(sorted(listed.split()), keys)

    def test_reports_are_json_where_asked(self):
        self.expect(DONE, "put", "key", "value")
        path = self.path("dump")
        report = self.expect(DONE, "dump", "--json", path).objects()[0]
        self.assertEqual((report["dumped"], report["bytes"]), (1, os.path.getsize(path)))
        report = self.expect(DONE, "restore", "--json", "--merge", path).objects()[0]
        self.assertEqual((report["restored"], report["bytes"], report["whole"]), (1, 8, True))

    def test_json_lines_are_entries_as_scan_prints_them(self):
        self.expect(DONE, "load", stdin=b"a\t1\nb\t\xff\n")
        lines = self.expect(DONE, "dump", "-").out.splitlines()
        scan = self.expect(DONE, "scan", "--json").out.splitlines()
        self.assertEqual(lines[2:-1], scan)
        header, end = json.loads(lines[0]), json.loads(lines[-1])
        self.assertEqual((header["rcukv_dump"], header["tables"]), (1, [self.table]))
        self.assertEqual((end["end"]["entries"], end["end"]["revision"]), (2, header["revision"]))


class DumpFileTest(DumpTest):
    def test_a_file_that_is_there_is_overwritten_only_by_force(self):
        path = self.file("old", b"old")
        refused = self.expect(BAD_INPUT, "dump", path)
        self.assertIn("exists; --force would overwrite it", refused.err)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), b"old")
        self.expect(DONE, "dump", "--force", path)
        self.expect(DONE, "restore", path)

    def test_a_dump_that_fails_leaves_nothing(self):
        folder = tempfile.mkdtemp(dir=self.folder.name)
        path = os.path.join(folder, "file")
        self.expect(REFUSED, "dump", "--table=none", path)
        self.assertEqual(os.listdir(folder), [])

    def test_a_full_disk_leaves_nothing(self):
        self.put_everything_odd()
        folder = tempfile.mkdtemp(dir=self.folder.name)
        done = subprocess.run(
            # With the signal ignored a write past the limit fails, as on a full disk.
            ["sh", "-c", 'trap "" XFSZ; ulimit -f 100; exec "$@"', "sh", RCUKV]
            + ["--table", self.table, "dump", os.path.join(folder, "file")],
            capture_output=True,
            env=self.server.environment(),
            timeout=PATIENCE_SECONDS,
        )
        self.assertEqual(done.returncode, BAD_INPUT, done.stderr)
        self.assertIn(b"file: File too large", done.stderr)
        self.assertEqual(os.listdir(folder), [])

    def test_wrong_usage_is_named(self):
        for words, error in (
            (["dump"], "too few arguments"),
            (["dump", "f", "--format=tsv"], "--format tsv: not one of jsonl, binary"),
            (["dump", "f", "--all"], "--all and --table"),
            (["dump", "/dev/null", "--force"], "is not a file"),
            (["restore", "/no/such/file"], "/no/such/file: No such file"),
        ):
            with self.subTest(words):
                self.assertIn(error, self.expect(BAD_INPUT, *words).err)


class RefusedRestoreTest(DumpTest):
    def test_a_table_with_entries_is_written_to_only_when_told_to(self):
        self.expect(DONE, "load", stdin=b"a\told\nb\told\n")
        path = self.dump("binary")
        self.expect(DONE, "del", "a")
        self.expect(DONE, "put", "b", "new")
        self.expect(DONE, "put", "c", "new")
        refused = self.expect(REFUSED, "restore", path)
        self.assertIn("has entries; --merge would", refused.err)
        self.assertEqual(self.contents(), {b"b": b"new", b"c": b"new"})
        self.expect(DONE, "restore", "--merge", path)
        self.assertEqual(self.contents(), {b"a": b"old", b"b": b"old", b"c": b"new"})

    def test_a_damaged_file_is_refused_with_its_place_before_anything_is_written(self):
        self.put_everything_odd()
        for name in FORMATS:
            path = self.dump(name)
            with open(path, "rb") as file:
                whole = bytearray(file.read())
            damaged = bytearray(whole)
            damaged[-len(whole) // 3] ^= 1
            place = r"damaged at (byte|line) \d+: "
            for kind, contents, error in (
                ("damaged", damaged, place),
                ("cut", whole[: -len(whole) // 3], place + ".*cut short"),
                ("without its end", whole[:-1], place),
                ("continued", whole + b"\n", "something behind the end"),
                ("another", b"key\tvalue\n", "is not a dump"),
                ("empty", b"", "is empty"),
            ):
                with self.subTest(format=name, kind=kind):
                    self.expect(DONE, "table", "create", self.table + "2")
                    bad = self.file("bad", contents)
                    result = self.expect(BAD_INPUT, "restore", bad, "--table", self.table + "2")
                    self.assertRegex(result.err, re.escape(bad) + ".*" + error)
                    self.assertIn(b"with 0 entries", self.expect(DONE, "table", "delete", self.table + "2").out)

    def test_through_a_pipe_what_is_before_the_damage_is_written(self):
        self.put_everything_odd()
        for name in FORMATS:
            with self.subTest(name):
                with open(self.dump(name), "rb") as file:
                    dump = bytearray(file.read())
                dump[-100] ^= 1  # In the last block.
                table = self.table + name
                result = self.expect(BAD_INPUT, "restore", "-", "--create", "--table", table, stdin=dump)
                self.assertRegex(result.err, r"standard input is damaged at (byte|line) \d+: ")
                restored = int(re.search(rb"restored ([\d,]+) entries before it", result.out)[1].replace(b",", b""))
                self.assertGreaterEqual(restored, 1000)
                keys = self.expect(DONE, "scan", "--keys-only", "--table", table).out.splitlines()
                self.assertEqual(len(keys), restored)

    def test_a_server_that_is_full_ends_the_restore(self):
        entries = b"".join(b"key%d\t%s\n" % (i, b"v" * 1000) for i in range(5000))
        self.expect(DONE, "load", stdin=entries)
        path = self.dump("binary")
        server = Server("--memory_limit=1MiB")
        self.addCleanup(server.close)
        result = run(server.environment(), "restore", path, "--table=default")
        self.assertEqual(result.code, REFUSED, result.err)
        self.assertRegex(result.err, r'RESOURCE_EXHAUSTED.*table default, key "key\d+": ')
        restored = int(re.search(rb"restored ([\d,]+) entries before it", result.out)[1].replace(b",", b""))
        keys = run(server.environment(), "scan", "--keys-only").out.splitlines()
        self.assertEqual(len(keys), restored)


class ConcurrentDumpTest(DumpTest):
    """Keys that stay, and others that come, change and go while the table is dumped."""

    STAYING = 5000

    def churn(self, stop, failures):
        round_ = 0
        while not stop.is_set():
            round_ += 1
            lines = b"".join(b"passing%d\t%d\n" % (i * 7 + round_, round_) for i in range(20000))
            lines += b"".join(b"changing%d\t%d\n" % (i, round_) for i in range(1000))
            done = self.run_cli("load", stdin=lines)
            if done.code != DONE:
                failures.append(done.err)
                return

    def test_a_key_that_stays_is_in_it_exactly_once(self):
        self.expect(DONE, "load", stdin=b"".join(b"staying%d\t%d\n" % (i, i) for i in range(self.STAYING)))
        self.expect(DONE, "load", stdin=b"".join(b"changing%d\t0\n" % i for i in range(1000)))
        stop, failures = threading.Event(), []
        churner = threading.Thread(target=self.churn, args=(stop, failures))
        churner.start()
        moved = 0
        try:
            for _ in range(5):
                dump = self.expect(DONE, "dump", "-")
                moved += "not at one moment" in dump.err
                objects = [json.loads(line) for line in dump.out.splitlines()]
                begin, end = objects[0]["revision"], objects[-1]["end"]["revision"]
                entries = [entry for entry in objects if "key" in entry]
                keys = [entry["key"] for entry in entries if not entry["key"].startswith("passing")]
                self.assertEqual(len(keys), len(set(keys)))
                self.assertEqual(
                    sorted(keys),
                    sorted(
                        ["staying%d" % i for i in range(self.STAYING)]
                        + ["changing%d" % i for i in range(1000)]
                    ),
                )
                for entry in entries:
                    self.assertLessEqual(entry["mod_revision"], end)
                    if entry["key"].startswith("staying"):
                        self.assertEqual("staying" + entry["value"], entry["key"])
                        self.assertLessEqual(entry["mod_revision"], begin)
        finally:
            stop.set()
            churner.join()
        self.assertEqual(failures, [])
        self.assertGreater(moved, 0, "nothing was written meanwhile")

    def test_an_interrupt_leaves_nothing(self):
        self.expect(DONE, "load", stdin=b"".join(b"key%d\t\n" % i for i in range(2000)))
        folder = tempfile.mkdtemp(dir=self.folder.name)
        self.server.process.send_signal(signal.SIGSTOP)
        try:
            dump = subprocess.Popen(
                [RCUKV, "--table", self.table, "--timeout=60s", "dump", os.path.join(folder, "file")],
                stderr=subprocess.PIPE,
                env=self.server.environment(),
            )
            self.addCleanup(dump.stderr.close)
            # From when it catches the signal on.
            self.await_catching(dump.pid)
            dump.send_signal(signal.SIGINT)
        finally:
            self.server.process.send_signal(signal.SIGCONT)
        dump.wait(PATIENCE_SECONDS)
        self.assertEqual(dump.returncode, INTERRUPTED, dump.stderr.read())
        self.assertEqual(os.listdir(folder), [])

    def await_catching(self, pid):
        while True:
            with open("/proc/%d/status" % pid) as status:
                caught = int(re.search(r"SigCgt:\s*([0-9a-f]+)", status.read())[1], 16)
            if caught >> (signal.SIGINT - 1) & 1:
                return


class BackupTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.server = self.start("data")

    def start(self, name, *flags):
        server = Server("--store=rocksdb", "--data_dir=" + os.path.join(self.folder, name), *flags)
        self.addCleanup(server.close)
        return server

    def test_a_server_starts_on_a_backup(self):
        environment = self.server.environment()
        run(environment, "load", stdin=b"".join(b"key%d\tvalue%d\n" % (i, i) for i in range(100)))
        copy = os.path.join(self.folder, "copy")
        backup = run(environment, "backup", copy)
        self.assertEqual(backup.code, DONE, backup.err)
        self.assertRegex(
            backup.out.decode(), "^backed up to " + re.escape(copy) + ": 100 entries at revision 100, .*B\n$"
        )
        run(environment, "put", "later", "value")
        restored = self.start("copy").environment()
        listed = run(restored, "scan", "--keys-only").out.split()
        self.assertEqual(sorted(listed), sorted(b"key%d" % i for i in range(100)))
        self.assertEqual(run(restored, "put", "next", "value").out, b"revision 101\n")

    def test_refusals_are_told(self):
        environment = self.server.environment()
        refused = run(environment, "backup", "relative")
        self.assertEqual(refused.code, REFUSED)
        self.assertIn("give an absolute path", refused.err)
        refused = run(environment, "backup", self.folder)
        self.assertEqual(refused.code, REFUSED)
        self.assertIn("File exists", refused.err)
        memory = Server()
        self.addCleanup(memory.close)
        refused = run(memory.environment(), "backup", os.path.join(self.folder, "m"))
        self.assertEqual(refused.code, REFUSED)
        self.assertIn("rcukv dump --all FILE", refused.err)


if __name__ == "__main__":
    unittest.main()
