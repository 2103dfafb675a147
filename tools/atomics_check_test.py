import pathlib
import tempfile
import unittest

from tools import atomics_check


class AtomicsCheckTest(unittest.TestCase):
    def problems(self, source, documentation=None):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "rcu").mkdir()
            (root / "rcu" / "x.h").write_text(source)
            if documentation is not None:
                (root / "docs").mkdir()
                (root / "docs" / "MEMORY_MODEL.md").write_text(documentation)
            return list(atomics_check.problems(root))

    def test_an_operation_that_names_its_order_is_fine(self):
        source = """
            a.load(std::memory_order_relaxed);
            a->store(f(1, g()), std::memory_order::release);
            a.compare_exchange_strong(
                old, New(),
                std::memory_order_acq_rel, std::memory_order_acquire);
            a.load(order);
        """
        self.assertEqual(self.problems(source), [])

    def test_an_operation_without_order_is_found_on_its_line(self):
        source = "int x;\na.load();\np->fetch_add(f(std::min(1, 2)));\na.store (1);\n"
        self.assertEqual(
            self.problems(source),
            [
                "rcu/x.h:2: load names no memory order",
                "rcu/x.h:3: fetch_add names no memory order",
                "rcu/x.h:4: store names no memory order",
            ],
        )

    def test_an_order_in_a_comment_or_outside_the_call_does_not_count(self):
        source = "a.load(/* std::memory_order_relaxed */); f(std::memory_order_relaxed);"
        self.assertEqual(len(self.problems(source)), 1)

    def test_comments_and_literals_are_not_code(self):
        source = "// a.load()\n/* a.store(1)\n */ const char* s = \"a.load()\"; int n = 1'000;\n"
        self.assertEqual(self.problems(source), [])

    def test_labels_in_code_and_documentation_match(self):
        source = "// [R1] pairs with [R2]\nint a = b[N1];\n"
        self.assertEqual(self.problems(source, "[R1] and [R2]"), [])

    def test_a_label_without_documentation_is_found(self):
        self.assertEqual(
            self.problems("// [R1]\n"), ["rcu/x.h: [R1] is not explained in docs/MEMORY_MODEL.md"]
        )

    def test_a_label_without_code_is_found(self):
        self.assertEqual(
            self.problems("", "[S1]"), ["docs/MEMORY_MODEL.md: [S1] is nowhere in rcu/"]
        )


if __name__ == "__main__":
    unittest.main()
