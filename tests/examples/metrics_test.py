"""What a service says of itself while it goes wrong, and that the guide names what there is."""

import contextlib
import pathlib
import re
import sqlite3
import tempfile
import unittest

import example

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "guide" / "8_metrics.md"


class the_metrics(unittest.TestCase):
    def setUp(self):
        resources = contextlib.ExitStack()
        self.addCleanup(resources.close)
        folder = resources.enter_context(tempfile.TemporaryDirectory(prefix="weir-hooks-"))
        self.database = pathlib.Path(folder) / "hooks.db"
        self.service = resources.enter_context(example.serving("example_metrics", self.database))
        self.metric = self.service.metric

    def post(self, source, body=b"{}"):
        return example.ask(self.service.addresses[0], "POST", f"/hooks/{source}",
                           body=body).status

    def outcome(self, name):
        return self.metric(f'hooks_total{{outcome="{name}"}}')

    def test_count_what_went_well_and_how_long_it_took(self):
        for _ in range(3):
            self.assertEqual(self.post("door"), 201)
        self.assertEqual(self.outcome("stored"), 3)
        self.assertEqual(self.metric('hooks_by_source_total{source="door"}'), 3)
        self.assertEqual(self.metric("hooks_seconds_count"), 3)
        self.assertEqual(self.metric("hooks_in_flight"), 0)
        self.assertGreater(self.metric("hooks_seconds_sum"), 0)

    def test_count_what_a_database_that_does_not_answer_costs(self):
        locker = sqlite3.connect(self.database, isolation_level=None)
        with contextlib.closing(locker):
            locker.execute("begin immediate")
            self.assertEqual(self.post("door"), 503)
        self.assertEqual(self.outcome("timed_out"), 1)
        self.assertEqual(self.metric('hooks_seconds_bucket{le="0.5"}'), 0)
        self.assertEqual(self.metric("hooks_seconds_count"), 1)
        self.assertEqual(self.post("door"), 201)

    def test_count_what_breaks_the_rules_or_breaks_off(self):
        self.assertEqual(self.post("%ff"), 400)
        self.assertEqual(self.outcome("malformed"), 1)
        self.assertEqual(self.post("door", b"x" * 70_000), 413)
        peer = example.connect(self.service.addresses[0])
        peer.sendall(b"POST /hooks/door HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
        self.service.wait_for_metric("hooks_in_flight", 1)
        example.reset(peer)
        self.service.wait_for_metric("hooks_in_flight", 0)
        self.assertEqual(self.metric("hooks_seconds_count"), self.metric_of_all("hooks_total"))

    def test_stay_as_few_as_they_are_whatever_peers_call_themselves(self):
        for i in range(40):
            self.assertEqual(self.post(f"source{i}"), 201)
        self.assertEqual(self.metric('hooks_by_source_total{source="source19"}'), 1)
        self.assertEqual(self.metric('hooks_by_source_total{source="other"}'), 20)
        over = 'weir_metrics_series_over_limit_total{metric="hooks_by_source_total"}'
        self.assertEqual(self.metric(over), 20)
        self.assertEqual(self.outcome("stored"), 40)

    def test_are_all_there_that_the_guide_says_to_watch(self):
        self.post("door")
        page = example.ask(self.service.addresses[-1], "GET", "/metrics").body.decode()
        there = set(re.findall(r"^# TYPE (\S+)", page, re.MULTILINE))
        watch = GUIDE.read_text().split("## What to watch")[1].split("\n## ")[0]
        named = {re.sub("_(bucket|sum|count)$", "", name)
                 for name in re.findall(r"\b(?:weir|hooks)_\w+", watch)}
        self.assertGreater(len(named), 5)
        self.assertEqual(named - there, {"weir_metrics_series_over_limit_total"},
                         "which appears once it has something to say")

    def metric_of_all(self, family):
        page = example.ask(self.service.addresses[-1], "GET", "/metrics").body.decode()
        return sum(map(float, re.findall(rf"^{family}{{.*}} (\S+)$", page, re.MULTILINE)))


if __name__ == "__main__":
    example.main()
