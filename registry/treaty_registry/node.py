"""A node: the state in memory, one writer that commits many requests at once, and news from other nodes.

Requests are decided one after the other against a draft: the state with everything decided before them on top. While
the writer commits a batch, further requests queue up for the next one. Readers see the state alone, so nothing is ever
shown, or acknowledged, that is not durable. When another node was faster, the drafts are thrown away and their requests
decided anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from treaty_registry.comparing import Judge, Unanswered
from treaty_registry.errors import RegistryError
from treaty_registry.facts import Change
from treaty_registry.state import State
from treaty_registry.stores.store import Overtaken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from treaty_registry.decisions.outcome import Outcome
    from treaty_registry.facts import Fact
    from treaty_registry.stores.store import Store

T = TypeVar("T")

log = logging.getLogger("treaty.registry.node")

POLL_SECONDS = 0.2
"""How often a node asks a shared store for news: others' changes are seen within a second with room to spare."""

MAX_BATCH = 256
"""Requests that share one commit."""

WRITE_SECONDS = 30.0
"""How long a request waits for its commit before it is answered 50002; it may be written all the same."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """A change that is decided but not written; the future ends with None, RegistryError or Overtaken."""

    change: Change
    written: asyncio.Future[None]


class Node:
    """Owns the state. All methods but ``start`` belong to the event loop that awaited ``start``."""

    def __init__(self, store: Store, judge: Judge) -> None:
        self.state = State()
        self.judge = judge
        self._store = store
        self._head = 0
        self._draft = self.state.draft()
        self._pending: list[_Pending] = []
        self._work = asyncio.Event()
        self._idle = asyncio.Event()
        self._watchers: list[Callable[[Sequence[Fact]], None]] = []
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="store-reader")
        self._refreshing: asyncio.Task[None] | None = None
        self._reached = time.monotonic()
        self._failure: RegistryError | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._committing = asyncio.Lock()

    # Life

    async def start(self) -> None:
        """Load the state and begin to write and to follow. Raises RegistryError where the store cannot be read."""
        await self._reload()
        self._tasks.append(asyncio.create_task(self._write_batches()))
        if self._store.shared:
            self._tasks.append(asyncio.create_task(self._follow()))

    async def stop(self) -> None:
        """Write what is pending, then let go of the store."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WRITE_SECONDS):
                while self._pending or self._committing.locked():
                    self._idle.clear()
                    await self._idle.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._writer.shutdown(wait=True)
        self._reader.shutdown(wait=True)
        self.judge.close()
        self._store.close()

    def watch(self, watcher: Callable[[Sequence[Fact]], None]) -> None:
        """Call ``watcher`` with the facts of every change right after it has become part of the state."""
        self._watchers.append(watcher)

    @property
    def head(self) -> int:
        """The number of the newest change in the state."""
        return self._head

    @property
    def failure(self) -> RegistryError | None:
        """Why the store did not answer when it was last asked, or None."""
        return self._failure

    @property
    def silent_for(self) -> float:
        """Seconds since the store last answered; 0 while it answers."""
        return 0.0 if self._failure is None else time.monotonic() - self._reached

    # Reading

    async def read(self, query: Callable[[State], T]) -> T:
        """What ``query`` finds in the state.

        Where it finds nothing (a 404), the store is asked for news first, so that what another node has acknowledged is
        never called missing.
        """
        try:
            return await self._answered(query, lambda: self.state)
        except RegistryError as error:
            if error.status != 404 or not self._store.shared:
                raise
        await self.refresh()
        return await self._answered(query, lambda: self.state)

    async def _answered(self, query: Callable[[State], T], state: Callable[[], State]) -> T:
        while True:
            try:
                return query(state())
            except Unanswered as open_question:
                await self.judge.answer(open_question.question)

    async def refresh(self) -> None:
        """Bring the state up to what the store holds now. Raises RegistryError 5000x where it does not answer."""
        if self._refreshing is not None:
            # One that is under way may have asked before the caller's moment; the next one asks after it.
            with contextlib.suppress(RegistryError):
                await asyncio.shield(self._refreshing)
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._catch_up())
            self._refreshing.add_done_callback(_retrieved)
        await asyncio.shield(self._refreshing)

    # Writing

    async def write(self, decide: Callable[[State], Outcome[T]], actor: str) -> T:
        """The result of ``decide``, once its facts are durable.

        ``decide`` is called with a state, and again whenever that state turns out to be out of date. Raises what it
        raises, and RegistryError 5000x where the store fails.
        """
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                try:
                    return await self._written(decide, actor)
                except RegistryError as error:
                    if error.status != 404 or not self._store.shared:
                        raise
                # Another node may have acknowledged what seems to be missing.
                await self.refresh()
                return await self._written(decide, actor)
        except TimeoutError:
            raise RegistryError(
                50002, "The operation timed out", advice="send it again: what was written meanwhile is found"
            ) from None

    async def _written(self, decide: Callable[[State], Outcome[T]], actor: str) -> T:
        while True:
            with contextlib.suppress(Overtaken):
                return await self._write_once(decide, actor)

    async def _write_once(self, decide: Callable[[State], Outcome[T]], actor: str) -> T:
        try:
            outcome = await self._answered(decide, lambda: self._draft)
        except RegistryError:
            if not self._busy:
                raise
            # The refusal may rest on something that is never written.
            await self._settled()
            outcome = await self._answered(decide, lambda: self.state)
            if outcome.facts:
                raise Overtaken from None
            return outcome.result
        if outcome.facts:
            await self._enqueue(Change(outcome.facts, actor, int(time.time() * 1000)))
        elif self._busy and not await self._holds_already(decide):
            await self._settled()
        return outcome.result

    async def _enqueue(self, change: Change) -> None:
        pending = _Pending(change, asyncio.get_running_loop().create_future())
        pending.written.add_done_callback(_retrieved)
        self._draft.apply(change.facts)
        self._pending.append(pending)
        self._work.set()
        # The change is written also when its request is given up meanwhile.
        await asyncio.shield(pending.written)

    async def _holds_already(self, decide: Callable[[State], Outcome[T]]) -> bool:
        try:
            return not (await self._answered(decide, lambda: self.state)).facts
        except RegistryError:
            return False

    @property
    def _busy(self) -> bool:
        return bool(self._pending) or self._committing.locked()

    async def _settled(self) -> None:
        """Wait until everything decided so far is written. Raises Overtaken and RegistryError 5000x where it is not."""
        if self._pending:
            await asyncio.shield(self._pending[-1].written)
            return
        async with self._committing:
            pass

    async def _write_batches(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            while self._pending:
                async with self._committing:
                    await self._commit(self._pending[:MAX_BATCH])
            self._idle.set()

    async def _commit(self, batch: list[_Pending]) -> None:
        loop = asyncio.get_running_loop()
        changes = [pending.change for pending in batch]
        try:
            await loop.run_in_executor(self._writer, self._store.append, self._head, changes)
        except Overtaken:
            await self._give_up(Overtaken())
            return
        except RegistryError as error:
            self._unreachable(error)
            await self._give_up(error)
            return
        except Exception:  # the writer serves every request; a mistake in one must not end it
            log.exception("a batch could not be written")
            await self._give_up(RegistryError(50001, "The store failed"))
            return
        self._answering()
        del self._pending[: len(batch)]
        self._head += len(batch)
        facts = [fact for change in changes for fact in change.facts]
        self._apply(facts)
        self._redraft()
        for pending in batch:
            if not pending.written.done():
                pending.written.set_result(None)

    async def _give_up(self, reason: Overtaken | RegistryError) -> None:
        """End every pending request with ``reason``, for later ones may rest on earlier ones.

        After a failure nobody knows whether the batch was written; catching up tells, before anything else is decided.
        """
        try:
            await self._catch_up_now()
        except RegistryError as error:
            reason = error
        self._end_pending(reason)

    def _end_pending(self, reason: Overtaken | RegistryError) -> None:
        ended, self._pending = self._pending, []
        self._draft = self.state.draft()
        for pending in ended:
            if not pending.written.done():
                # One exception for each, for raising one adds to its traceback.
                pending.written.set_exception(
                    Overtaken() if isinstance(reason, Overtaken) else RegistryError(reason.code, reason.problem)
                )

    # Following

    async def _follow(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                newest = await loop.run_in_executor(self._reader, self._store.newest)
                self._answering()
                if newest > self._head:
                    await self.refresh()
            except RegistryError as error:
                self._unreachable(error)
            except Exception:  # following must go on, whatever one round ran into
                log.exception("could not look for news")

    async def _catch_up(self) -> None:
        # A commit of this node would otherwise be seen twice: once as news and once when it returns.
        async with self._committing:
            before = self._head
            await self._catch_up_now()
            if self._head != before:
                self._end_pending(Overtaken())

    async def _catch_up_now(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            news = await loop.run_in_executor(self._reader, self._store.changes_after, self._head)
        except RegistryError as error:
            self._unreachable(error)
            raise
        self._answering()
        for change in news:
            self._head = change.head
            self._apply(change.facts)

    async def _reload(self) -> None:
        loop = asyncio.get_running_loop()
        snapshot = await loop.run_in_executor(self._reader, self._store.load)
        self.state.apply(snapshot.facts)
        self._head = snapshot.head
        self._redraft()

    def _apply(self, facts: Sequence[Fact]) -> None:
        self.state.apply(facts)
        for watcher in self._watchers:
            watcher(facts)

    def _redraft(self) -> None:
        self._draft = self.state.draft()
        for pending in self._pending:
            self._draft.apply(pending.change.facts)

    def _unreachable(self, error: RegistryError) -> None:
        if self._failure is None:
            log.error("store failed", extra={"code": error.code, "problem": error.problem})
        self._failure = error

    def _answering(self) -> None:
        if self._failure is not None:
            log.info("store answers again", extra={"silent_seconds": round(self.silent_for, 1)})
        self._failure = None
        self._reached = time.monotonic()


def _retrieved(future: asyncio.Future[None]) -> None:
    """Whoever waited may have gone; an exception nobody looks at is reported as a mistake by asyncio."""
    if not future.cancelled():
        future.exception()
