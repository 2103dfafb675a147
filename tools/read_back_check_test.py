import base64
import contextlib
import io
import json
import tempfile
import unittest

from tools import read_back_check

_INDEX = b"""Package: one
Description: first
 a line that goes on

Package: two
Description: \xff is not UTF-8

Package: one-more
Depends: Package
"""


def _line(key, value):
    encoded = base64.b64encode(value).decode()
    return json.dumps({"key": key, "value_base64": encoded})


class ReadBackCheckTest(unittest.TestCase):
    def setUp(self):
        self.expected = read_back_check.stanzas(_INDEX)
        self.lines = [_line(key.decode(), value) for key, value in self.expected.items()]

    def problems(self, lines):
        return list(read_back_check.problems(self.expected, lines))

    def test_a_stanza_reaches_to_its_last_line_end(self):
        self.assertEqual(list(self.expected), [b"one", b"two", b"one-more"])
        self.assertEqual(
            self.expected[b"one"],
            b"Package: one\nDescription: first\n a line that goes on\n",
        )
        self.assertTrue(self.expected[b"one-more"].endswith(b"Depends: Package\n"))

    def test_the_last_stanza_of_a_name_counts(self):
        index = b"Package: a\nVersion: 1\n\nPackage: a\nVersion: 2\n"
        self.assertEqual(
            read_back_check.stanzas(index), {b"a": b"Package: a\nVersion: 2\n"}
        )

    def test_everything_unchanged_is_fine_in_any_order(self):
        self.assertEqual(self.problems(reversed(self.lines)), [])

    def test_text_stands_for_its_bytes(self):
        value = self.expected[b"one"].decode()
        self.lines[0] = json.dumps({"key": "one", "value": value})
        self.assertEqual(self.problems(self.lines), [])

    def test_a_byte_that_differs_is_found(self):
        self.lines[1] = _line("two", self.expected[b"two"] + b"\n")
        self.assertEqual(self.problems(self.lines), ["two came back changed"])

    def test_a_missing_a_strange_and_a_double_entry_are_found(self):
        self.assertEqual(self.problems(self.lines[1:]), ["one did not come back"])
        self.assertEqual(self.problems(self.lines + self.lines[:1]), ["one came back twice"])
        self.assertEqual(
            self.problems(self.lines + [_line("three", b"")]), ["three was never loaded"]
        )

    def test_an_entry_that_was_not_found_counts_as_changed(self):
        self.lines[0] = json.dumps({"key": "one", "found": False})
        self.assertEqual(self.problems(self.lines), ["one came back changed"])

    def test_the_exit_code_tells_and_an_empty_index_is_no_success(self):
        with tempfile.NamedTemporaryFile() as file, contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(read_back_check.main(file.name, []), 1)
            file.write(_INDEX)
            file.flush()
            self.assertEqual(read_back_check.main(file.name, self.lines), 0)
            self.assertEqual(read_back_check.main(file.name, self.lines[1:]), 1)


if __name__ == "__main__":
    unittest.main()
