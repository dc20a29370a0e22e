"""The whole library, built as a part of another project."""

import unittest

import package


class the_source_in_another_project(unittest.TestCase):
    def test_builds_all_that_a_consumer_links(self):
        with package.folder() as into:
            package.configure("add_subdirectory", into, f"-DWEIR_SOURCE={package.SOURCE}")
            package.run("cmake", "--build", into, "--target", "consumer", timeout=1700)
            package.serve_one(self, into / "consumer", into)


if __name__ == "__main__":
    unittest.main()
