"""The schema for editors says of a configuration's form what the program says."""

import copy
import json
import tomllib
import unittest

import jsonschema

import program

SCHEMA = json.loads((program.SOURCE / "docs/config.schema.json").read_text())
EXAMPLE = (program.SOURCE / "examples/registry/weir.toml").read_text()


def merged(document, change):
    """The document with what is in the change in place of its own; None takes a key out."""
    result = copy.deepcopy(document)
    for key, value in change.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


def toml(value):
    """A value as TOML on one line; JSON's texts, numbers and arrays are TOML's."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(each)}"
                               for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


class the_schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        cls.schema = jsonschema.Draft202012Validator(SCHEMA)
        cls.place = program.place()
        cls.addClassCleanup(cls.place.close)
        cls.base = {"database": {"url": f"sqlite:{cls.place.database}"},
                    "endpoint": [{"name": "vendor", "method": "GET", "path": "/v/{prefix}",
                                  "params": {"prefix": {"type": "text"}},
                                  "sql": "select name from vendor where prefix = :prefix"}]}

    def errors(self, document):
        found = self.schema.iter_errors(document)
        return [f"{error.json_path}: {error.message}" for error in found]

    def agree(self, right, document):
        """Both say the same of it."""
        config = self.place.write("t.toml", "\n".join(
            f"{key} = {toml(value)}" for key, value in document.items()) + "\n")
        ended = program.run("check", config)
        self.assertEqual(ended.returncode, 0 if right else 2, f"{document}\n{ended.stderr}")
        self.assertEqual(self.errors(document) == [], right, f"{document}: {self.errors(document)}")

    def test_holds_for_the_example_which_names_it(self):
        self.assertEqual(self.errors(tomllib.loads(EXAMPLE)), [])
        self.assertTrue(EXAMPLE.startswith("#:schema ../../docs/config.schema.json\n"))

    def test_holds_for_what_a_check_prints(self):
        ended = program.run("check", self.place.example())
        self.assertEqual(self.errors(tomllib.loads(ended.stdout)), [])

    def test_agrees_with_the_program_about_settings(self):
        self.agree(True, self.base)
        for right, change in (
                (True, {"limits": {"max_rows": 1, "body": "64KiB", "in_flight": 10000}}),
                (True, {"limits": {"body": 0}, "drain": {"delay": "0s"}}),
                (True, {"log": {"level": "off"}, "service": {"loops": 1024, "engine": "epoll"}}),
                (True, {"admin": {"hosts": ["a.lan"]}}),
                (False, {"limits": {"max_rows": 0}}), (False, {"limits": {"max_rows": 1000001}}),
                (False, {"limits": {"max_row": 1}}), (False, {"limit": {}}),
                (False, {"limits": {"body": "1MB"}}), (False, {"limits": {"body": -1}}),
                (False, {"service": {"loops": 1025}}), (False, {"service": {"engine": "fast"}}),
                (False, {"service": {"name": ""}}), (False, {"log": {"level": 3}}),
                (False, {"drain": {"timeout": 30}}), (False, {"drain": {"timeout": "1 s"}}),
                (False, {"http": {"public": "yes"}}), (False, {"admin": {"hosts": "a"}}),
                (False, {"http": {"auth": {"tokens": {"ci": "0123456789abcdef"}}}}),
                (False, {"http": {"auth": {"reads": "open"}}}),
                (False, {"database": None}), (False, {"endpoint": None}),
                (False, {"endpoint": []}), (False, {"database": {"url_file": "x"}})):
            self.agree(right, merged(self.base, change))

    def test_agrees_with_the_program_about_endpoints(self):
        def endpoint(**change):
            return {**self.base, "endpoint": [merged(self.base["endpoint"][0], change)]}

        for right, document in (
                (True, endpoint(max_rows=1, timeout="1s", result="row", status=202)),
                (True, endpoint(sql={"sqlite": self.base["endpoint"][0]["sql"]})),
                (True, endpoint(params={"prefix": {"max_length": 9, "pattern": "a+"}})),
                (False, endpoint(name=None)), (False, endpoint(method=None)),
                (False, endpoint(path=None)), (False, endpoint(sql=None)),
                (False, endpoint(name="1")), (False, endpoint(method="HEAD")),
                (False, endpoint(path="x")), (False, endpoint(sql={"mysql": "select 1"})),
                (False, endpoint(status=404)), (False, endpoint(result="all")),
                (False, endpoint(timeout="0")), (False, endpoint(max_rows="1")),
                (False, endpoint(params={"prefix": {"type": "date"}})),
                (False, endpoint(params={"prefix": {"max_length": 0}})),
                (False, endpoint(params={"prefix": {"minimum": 1}})),
                (False, endpoint(params={"prefix": "text"}))):
            self.agree(right, document)


if __name__ == "__main__":
    unittest.main()
