import unittest

from loadtest.page import embed


class EmbedTest(unittest.TestCase):
    def test_the_hash_is_that_of_a_content_security_policy(self):
        source = embed.source_of("Nothing", b"")
        self.assertIn("Asset Nothing() {", source)
        # Of no bytes at all.
        self.assertIn('"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="', source)

    def test_what_would_end_its_element_or_literal_is_refused(self):
        for content in (b"a</SCRIPT >", b"</style>", b"<!--", b"a\r\n", b"\0", b')embedded"'):
            with self.assertRaisesRegex(ValueError, "cannot be embedded", msg=content):
                embed.source_of("Unfit", content)

    def test_other_text_stays_as_it_is(self):
        self.assertIn('R"embedded(a < b \\ "c" \u00b5)embedded"',
                      embed.source_of("Fit", 'a < b \\ "c" \u00b5'.encode()))


if __name__ == "__main__":
    unittest.main()
