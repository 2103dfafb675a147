"""What a reader compiles to.

Usage: reader_code_test.py ARCHITECTURE OBJECT MEMORY_MODEL.md

OBJECT is reader_code.cc, compiled for ARCHITECTURE. MEMORY_MODEL.md has listings of its
functions, which this compares. Prints the disassembly.
"""

import pathlib
import re
import sys
import unittest

from rcu import reader_code

# The conditional branches that lock, and unlock, may have, of each flavor without fences.
_BRANCHES_MAX = {
    "aarch64": {"memb": 1, "signal": 1, "qsbr": 0},
    "x86_64": {"memb": 1, "signal": 1, "qsbr": 0, "rseq": 1},
}

_LISTING = re.compile(r"^`(?P<name>\w+)`, (?P<of>\w+):\n\n(?P<lines>(?: {4}.*\n)+)", re.MULTILINE)
_LISTED_COMPILER = re.compile(r"GCC (\d+)")
_COMPILER = re.compile(rb"GCC: \([^)]*\) (\d+)\.")

_X86_64 = reader_code.ARCHITECTURES["x86_64"]


class CommonPathTest(unittest.TestCase):
    """The checker itself, on x86-64 code made up for it."""

    def problems(self, *lines):
        disassembly = ["0000000000000000 <f>:"]
        for address, line in enumerate(lines):
            disassembly.append(f"   {address}:\t{line}")
        (function,) = reader_code.parse("\n".join(disassembly)).values()
        return list(
            reader_code.problems(reader_code.common_path(function, _X86_64), _X86_64)
        )

    def test_moves_are_harmless(self):
        self.assertEqual(self.problems("mov (%rdi),%rax", "movq $0x0,(%rax)", "ret"), [])

    def test_each_instruction_that_waits_for_other_processors_is_found(self):
        for bad in (
            "lock orq $0x0,(%rsp)",
            "mfence",
            "lfence",
            "sfence",
            "xchg %rax,(%rdi)",
            "call 40 <g>",
            "syscall",
        ):
            with self.subTest(bad):
                self.assertEqual(
                    self.problems("mov (%rdi),%rax", bad, "ret"),
                    [f"not known to be harmless: {bad}"],
                )

    def test_a_branch_out_of_line_is_harmless_whatever_is_there(self):
        self.assertEqual(self.problems("jne 2 <f+0x2>", "ret", "mfence", "ret"), [])

    def test_a_branch_that_skips_something_common_is_found(self):
        self.assertEqual(
            self.problems("jne 2 <f+0x2>", "nop", "ret"),
            ["a branch to what is common as well: jne 2 <f+0x2>"],
        )

    def test_a_loop_is_found(self):
        self.assertEqual(
            self.problems("nop", "jne 0 <f>", "ret"),
            ["a branch to what is common as well: jne 0 <f>"],
        )
        self.assertEqual(
            self.problems("nop", "jmp 0 <f>"), ["does not return: jmp 0 <f>"]
        )

    def test_a_jump_is_followed_within_the_function_and_found_where_it_leaves_it(self):
        self.assertEqual(self.problems("jmp 2 <f+0x2>", "mfence", "ret"), [])
        self.assertEqual(
            self.problems("nop", "jmp 40 <g>"),
            ["leaves the function: jmp 40 <g>", "does not return: jmp 40 <g>"],
        )
        self.assertEqual(
            self.problems("jmp 5 <f+0x5>\n\t\t\t1: R_X86_64_PLT32\tg-0x4", "ret"),
            ["leaves the function: jmp 5 <f+0x5> g", "does not return: jmp 5 <f+0x5> g"],
        )


class ReaderCodeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machine, path, memory_model = sys.argv[1:]
        cls.architecture = reader_code.ARCHITECTURES[cls.machine]
        cls.object = pathlib.Path(path)
        cls.documentation = pathlib.Path(memory_model).read_text()
        cls.paths = {}
        for name, function in reader_code.disassemble(path, cls.architecture).items():
            if re.fullmatch(r"[a-z]+_(lock|unlock|read)", name):
                cls.paths[name] = reader_code.common_path(function, cls.architecture)
                print(f"\n{name}, {cls.machine}, all of it:")
                for instruction in function:
                    print(f"    {instruction.address:3x}: {instruction}")

    def problems(self, name):
        return list(reader_code.problems(self.paths[name], self.architecture))

    def branches(self, name):
        return len(reader_code.branches(self.paths[name], self.architecture))

    def mnemonics(self, name):
        return [instruction.mnemonic for instruction in self.paths[name]]

    def test_readers_without_fences_have_neither_fence_nor_lock_nor_call(self):
        for flavor in _BRANCHES_MAX[self.machine]:
            for function in ("lock", "unlock", "read"):
                with self.subTest(flavor=flavor, function=function):
                    self.assertEqual(self.problems(f"{flavor}_{function}"), [])

    def test_their_branches_are_those_on_the_threads_own_nesting(self):
        for flavor, branches_max in _BRANCHES_MAX[self.machine].items():
            with self.subTest(flavor):
                self.assertLessEqual(self.branches(f"{flavor}_lock"), branches_max)
                self.assertLessEqual(self.branches(f"{flavor}_unlock"), branches_max)
                self.assertLessEqual(self.branches(f"{flavor}_read"), 2 * branches_max)

    def test_a_reader_of_signal_is_one_of_memb(self):
        for function in ("lock", "unlock", "read"):
            with self.subTest(function):
                self.assertEqual(
                    self.mnemonics(f"signal_{function}"), self.mnemonics(f"memb_{function}")
                )

    def test_a_section_of_qsbr_is_nothing(self):
        self.assertEqual(self.mnemonics("qsbr_lock"), ["ret"])
        self.assertEqual(self.mnemonics("qsbr_unlock"), ["ret"])

    def test_the_fences_of_mb_are_found(self):
        fence = {"aarch64": "dmb ish", "x86_64": "lock or"}[self.machine]
        for function, fences in (("lock", 1), ("unlock", 1), ("read", 2)):
            with self.subTest(function):
                found = [
                    problem for problem in self.problems(f"mb_{function}") if fence in problem
                ]
                self.assertEqual(len(found), fences)

    def test_on_aarch64_a_section_begins_and_ends_with_one_store_release(self):
        if self.machine != "aarch64":
            self.skipTest("x86-64 has no such instruction: its moves are")
        for flavor in ("mb", "memb", "signal"):
            for function in ("lock", "unlock"):
                with self.subTest(flavor=flavor, function=function):
                    mnemonics = self.mnemonics(f"{flavor}_{function}")
                    self.assertEqual(mnemonics.count("stlr"), 1)
                    self.assertNotIn("ldar", mnemonics)

    def test_the_documentation_lists_what_there_is(self):
        compiled_by = {int(major) for major in _COMPILER.findall(self.object.read_bytes())}
        listed_by = int(_LISTED_COMPILER.search(self.documentation).group(1))
        if compiled_by != {listed_by}:
            self.skipTest(f"listed is GCC {listed_by}, compiled by {compiled_by or 'another'}")
        listings = {
            match["name"]: [line.split()[0] for line in match["lines"].splitlines()]
            for match in _LISTING.finditer(self.documentation)
            if match["of"] == self.machine
        }
        listed_at_least = {"aarch64": ("memb",), "x86_64": ("memb", "rseq")}[self.machine]
        for flavor in listed_at_least:
            self.assertIn(f"{flavor}_lock", listings)
            self.assertIn(f"{flavor}_unlock", listings)
        for name, listed in listings.items():
            with self.subTest(name):
                self.assertEqual(listed, self.mnemonics(name))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
