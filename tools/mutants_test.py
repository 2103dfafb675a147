import pathlib
import tempfile
import unittest

from tools import mutants

_HEADER = "enum class Mutant {\n  kNone,\n  // a.h\n  kFirst,\n  kSecond,\n};\n"
_SOURCE = "if constexpr (Mutated(Mutant::kFirst)) x(Order<Mutant::kSecond>(y));\n"
_BUILD = """
_FLAVORS = {
    "memb": "Memb",
}
cc_test(name = "a_test")
[cc_test(name = flavor + "_test") for flavor in _FLAVORS]
"""
_FIRST = "| `kFirst` | a fence | `//rcu:a_test Filter*`; model `memb PARITY` |\n"
_SECOND = "| `kSecond` | [X1] | TSan `//rcu:memb_test` |\n"


def _documentation(*rows):
    return "## Mutants\n\n| mutant | a | b |\n|---|---|---|\n" + "".join(rows) + "\n## More\n"


class MutantsTest(unittest.TestCase):
    def problems(self, documentation, source=_SOURCE):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, text in {
                "docs/MEMORY_MODEL.md": documentation,
                "rcu/mutant.h": _HEADER,
                "rcu/a.h": source,
                "rcu/BUILD": _BUILD,
                "rcu/model/README.md": "| memb | `PARITY` | SC | |\n",
            }.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            return list(mutants.problems(root))

    def test_a_row_is_read(self):
        first, second = mutants.table(_documentation(_FIRST, _SECOND))
        self.assertEqual(first.name, "kFirst")
        self.assertEqual(
            [str(catcher) for catcher in first.catchers],
            ["//rcu:a_test Filter*", "model memb PARITY"],
        )
        self.assertEqual(str(second.catchers[0]), "TSan //rcu:memb_test")

    def test_what_is_only_argued_is_not_expected_to_be_caught(self):
        row = "| `kFirst` | [X1] | argued: by a reason, and `code` |\n"
        (mutant,) = mutants.table(_documentation(row))
        self.assertFalse(mutant.catchers[0].expected)

    def test_a_cell_that_nobody_can_run_is_an_error(self):
        with self.assertRaises(ValueError):
            mutants.table(_documentation("| `kFirst` | [X1] | some test or other |\n"))

    def test_header_table_and_sources_that_agree_are_fine(self):
        self.assertEqual(self.problems(_documentation(_FIRST, _SECOND)), [])

    def test_a_mutant_that_is_not_in_the_table_is_found(self):
        self.assertEqual(
            self.problems(_documentation(_FIRST)), ["kSecond is not in docs/MEMORY_MODEL.md"]
        )

    def test_a_mutant_that_is_not_in_the_header_is_found(self):
        third = "| `kThird` | x | `//rcu:a_test` |\n"
        self.assertEqual(
            self.problems(_documentation(_FIRST, _SECOND, third)),
            ["kThird is not in rcu/mutant.h"],
        )

    def test_a_mutant_that_changes_nothing_is_found(self):
        self.assertEqual(
            self.problems(_documentation(_FIRST, _SECOND), source="Mutant::kFirst"),
            ["kSecond is not used in rcu/"],
        )

    def test_another_order_is_found(self):
        self.assertEqual(len(self.problems(_documentation(_SECOND, _FIRST))), 1)

    def test_a_test_or_model_that_is_not_there_is_found(self):
        rows = (
            _FIRST.replace("PARITY", "CHARITY").replace("a_test", "b_test"),
            _SECOND,
        )
        self.assertEqual(
            self.problems(_documentation(*rows)),
            ["kFirst: no test //rcu:b_test", "kFirst: no model \"memb CHARITY\""],
        )


if __name__ == "__main__":
    unittest.main()
