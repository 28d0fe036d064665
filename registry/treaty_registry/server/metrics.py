"""What is counted, for Prometheus."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from treaty_registry.node import Node

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counters of one worker; where there are several workers, a scrape of any of them shows the sum of all.

    Ready answers are counted by a plain integer, for they take less time than a Prometheus counter does.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "treaty_registry_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "treaty_registry_request_seconds",
            "Seconds from the first byte of a request to its answer, without ready answers.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.ready_answers = Counter(
            "treaty_registry_ready_answers", "Requests answered with ready bytes.", registry=self.registry
        )
        self.head = Gauge(
            "treaty_registry_head", "Number of the newest change seen.", registry=self.registry, multiprocess_mode="min"
        )
        self.store_up = Gauge(
            "treaty_registry_store_up",
            "1 where the store answered last, 0 where it did not.",
            registry=self.registry,
            multiprocess_mode="min",
        )
        self.hot = 0

    def settle(self, node: Node) -> None:
        """Bring the slow counters up to date."""
        count, self.hot = self.hot, 0
        if count:
            self.ready_answers.inc(count)
        self.head.set(node.head)
        self.store_up.set(0 if node.failure is not None else 1)

    def exposition(self, node: Node) -> str:
        """The text of ``/metrics``."""
        self.settle(node)
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            from prometheus_client import multiprocess

            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the package's types are partial
            return generate_latest(registry).decode()
        return generate_latest(self.registry).decode()
