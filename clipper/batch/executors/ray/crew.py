"""The workers of a cluster: hired on every machine that can do the work, and again where one was lost.

In: what the cluster says of its machines; out: workers, and what comes back from them. On a machine with GPUs one
worker hears on each; where the cluster has none, every worker hears and makes.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from clipper.batch.executors.base import Tell
from clipper.batch.executors.machine import EPISODE_BYTES
from clipper.batch.executors.ray.far import Board, Greeting, Setting, Stage, Worker
from clipper.batch.work import Outcome, Task
from clipper.errors import MissingError, one_line

LOOKS = 1.0  # seconds between two looks at the cluster's machines
FALSE_STARTS = 3  # workers that end on a machine before they could greet: it is left out
LONELY = 300.0  # seconds without any machine after which the batch gives up
PATIENT = 120.0  # seconds without any worker until that is said
PACE = 1.0  # seconds between two words of a worker, more where there are many
WORDS = 200.0  # of them a second that the board takes easily
ENDS = 15.0  # seconds that workers have to tidy up once they are told to stop


@dataclass(slots=True)
class Machine:
    """A machine of the cluster.

    Attributes:
        wanted: how many workers of each kind it is to have, GPU first.
        share: cores of each of its workers that make.
        problem, mend: why it is left out.
    """

    node: str
    name: str
    cores: float
    memory: float
    gpus: int
    wanted: tuple[int, int] = (0, 0)
    share: int = 1
    false_starts: int = 0
    problem: str = ""
    mend: str = ""
    alive: bool = True

    @property
    def room(self) -> int:
        """Workers that make for which it has cores and memory."""
        cores = self.cores - min(self.gpus, self.cores)
        return max(0, min(int(cores), max(1, int(self.memory // EPISODE_BYTES))))


@dataclass(slots=True)
class Hand:
    """A worker as seen from here: `waits_for` is the answer that it owes, `task` what it does."""

    actor: Any
    machine: Machine
    gpu: bool
    waits_for: Any
    greeting: Greeting | None = None
    stage: Stage | None = None
    task: Task | None = None


@dataclass(slots=True)
class Said:
    """What came back: the worker, what it did, and the outcome, or that it was lost (and whether with its machine)."""

    hand: Hand
    stage: Stage
    task: Task
    outcome: Outcome | None
    lost: str = ""
    with_machine: bool = False


@dataclass(slots=True)
class Crew:
    """All workers.

    Args:
        ray: the module, connected.
        most: workers that make, at most; null for what the machines can bear.
    """

    ray: Any
    setting: Setting
    most: int | None
    tell: Tell
    hands: list[Hand] = field(default_factory=list)
    machines: dict[str, Machine] = field(default_factory=dict)
    board: Any = None
    _looked: float = -math.inf
    _began: float = field(default_factory=time.monotonic)
    _lonely_since: float | None = None
    _said_busy: bool = False

    def __post_init__(self) -> None:
        here = self.ray.get_runtime_context().get_node_id()
        self.board = self._actor(Board, here, num_cpus=0).remote()
        self.ray.get(self.board.take.remote())

    @property
    def divided(self) -> bool:
        """Whether some workers only hear: the cluster has GPUs."""
        return any(h.gpu for h in self.hands)

    @property
    def status(self) -> str:
        """Who is at work, in a few words."""
        ready = [h for h in self.hands if h.greeting]
        machines = len({h.machine.node for h in ready})
        stages = [h.stage for h in ready if h.stage]
        return (
            f"{machines} machine{'s' * (machines != 1)}, {len(ready)} worker{'s' * (len(ready) != 1)}: "
            f"{stages.count('hear')} hear, {stages.count('make')} make"
        )

    def look(self, tasks: int) -> list[Said]:
        """Looks who is there, hires where workers are missing (no more than there are tasks); gives what was lost.

        Raises:
            MissingError: no machine can do the work.
        """
        now = time.monotonic()
        if now - self._looked < LOOKS:
            return []
        first, self._looked = self._looked == -math.inf, now
        alive = {row["NodeID"]: row for row in self.ray.nodes() if row["Alive"]}
        lost: list[Said] = []
        for machine in self.machines.values():
            if machine.alive and machine.node not in alive:
                machine.alive = False
                self.tell(f"machine {machine.name} is gone; what it did is done again elsewhere")
                for hand in [h for h in self.hands if h.machine is machine]:
                    lost += self._lose(hand, "its machine is gone")
        for node, row in alive.items():
            if node not in self.machines:
                self.machines[node] = _machine(row)
        if first:
            self._share_out(tasks)
        self._hire(tasks)
        self._give_up(now)
        return lost

    def _share_out(self, tasks: int) -> None:
        """Spreads as many workers as there may be over the machines, and each machine's cores over its workers."""
        left = min(tasks, self.most or tasks)
        machines = sorted(self.machines.values(), key=lambda m: (m.room, m.name))
        for number, machine in enumerate(machines):
            count = min(machine.room, -(-left // (len(machines) - number)))
            self._want(machine, count)
            left -= count

    def _want(self, machine: Machine, count: int) -> None:
        machine.wanted = (machine.gpus, count)
        machine.share = max(1, int(machine.cores - min(machine.gpus, machine.cores)) // count) if count else 1

    def _hire(self, tasks: int) -> None:
        busy = sum(h.task is not None for h in self.hands)
        for machine in self.machines.values():
            if not machine.alive or machine.problem:
                continue
            if machine.wanted == (0, 0):  # it came later
                made = sum(not h.gpu for h in self.hands)
                self._want(machine, max(0, min(machine.room, tasks - made, (self.most or tasks) - made)))
            for gpu, wanted in zip((True, False), machine.wanted, strict=True):
                there = sum(h.machine is machine and h.gpu == gpu for h in self.hands)
                for _ in range(wanted - there):
                    idle = sum(h.gpu == gpu and h.task is None for h in self.hands)
                    if idle < tasks - busy:
                        self._take_on(machine, gpu)

    def _take_on(self, machine: Machine, gpu: bool) -> None:
        cores = 1 if gpu else machine.share
        held = min(1.0, machine.cores) if gpu else cores
        memory = int(min(EPISODE_BYTES, machine.memory / max(1, sum(machine.wanted))))
        actor = self._actor(Worker, machine.node, num_cpus=held, num_gpus=int(gpu), memory=memory)
        pace = max(PACE, sum(sum(m.wanted) for m in self.machines.values()) / WORDS)
        actor = actor.remote(self.setting, self.board, cores, pace)
        self.hands.append(Hand(actor, machine, gpu, actor.greet.remote()))

    def _actor(self, kind: type, node: str, **resources: Any) -> Any:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        where = NodeAffinitySchedulingStrategy(node_id=node, soft=False)
        return self.ray.remote(kind).options(scheduling_strategy=where, max_restarts=0, **resources)

    def _give_up(self, now: float) -> None:
        """Raises MissingError where nobody can work, and waits a while for machines that may come."""
        there = [m for m in self.machines.values() if m.alive]
        left_out = [m for m in there if m.problem]
        if left_out and all(m.problem or not m.room for m in there):
            raise MissingError(
                f"no machine of the cluster can do the work; first, {left_out[0].name} {left_out[0].problem}",
                left_out[0].mend,
            )
        if self.hands:
            self._lonely_since = None
            if not self._said_busy and now - self._began > PATIENT and not any(h.greeting for h in self.hands):
                self._said_busy = True
                self.tell("the cluster has given no worker yet: others use it, or it is slow to start; this waits")
        elif self._lonely_since is None:
            self._lonely_since = now
        elif now - self._lonely_since > LONELY:
            raise MissingError(
                f"the cluster had no machine with a free core for {LONELY / 60:.0f} minutes",
                "add machines to it; what is finished is kept, the same command goes on from there",
            )

    def idle(self, stage: Stage) -> list[Hand]:
        """The workers that could do such a stage now."""
        divided = self.divided
        return [
            h
            for h in self.hands
            if h.greeting and h.task is None and (not divided or h.gpu == (stage == "hear")) and not h.machine.problem
        ]

    def give(self, hand: Hand, stage: Stage, task: Task) -> None:
        """Has a worker that is idle do a stage of a task."""
        hand.stage, hand.task = stage, task
        hand.waits_for = hand.actor.do.remote(stage, task)

    def listen(self, seconds: float) -> Iterator[Said]:
        """What came back within some seconds, as soon as anything did."""
        owed = {h.waits_for: h for h in self.hands if h.waits_for is not None}
        if not owed:
            time.sleep(seconds)
            return
        ready, rest = self.ray.wait(list(owed), num_returns=1, timeout=seconds)
        if ready and rest:
            ready += self.ray.wait(rest, num_returns=len(rest), timeout=0)[0]
        for answer in ready:
            hand = owed[answer]
            hand.waits_for = None
            try:
                said = self.ray.get(answer)
            except self.ray.exceptions.RayError as error:
                yield from self._lose(hand, _reason(error))
                continue
            if isinstance(said, Greeting):
                self._greeted(hand, said)
            else:
                stage, task, hand.stage, hand.task = hand.stage, hand.task, None, None
                assert stage is not None
                assert task is not None
                yield Said(hand, stage, task, said)

    def _greeted(self, hand: Hand, greeting: Greeting) -> None:
        hand.greeting = greeting
        if greeting.problem and not hand.machine.problem:
            self._leave_out(hand.machine, greeting.problem, greeting.mend)

    def _leave_out(self, machine: Machine, problem: str, mend: str) -> None:
        machine.problem, machine.mend = problem, mend
        self.tell(f"machine {machine.name} is left out: it {problem}")
        for hand in [h for h in self.hands if h.machine is machine and h.task is None]:
            self._dismiss(hand)

    def _lose(self, hand: Hand, reason: str) -> list[Said]:
        """A worker that is gone, and what it was doing."""
        self._dismiss(hand)
        if hand.greeting is None and hand.machine.alive:
            hand.machine.false_starts += 1
            if hand.machine.false_starts >= FALSE_STARTS and not hand.machine.problem:
                self._leave_out(hand.machine, *_start_of(reason))
        if hand.task is None or hand.stage is None:
            return []
        return [Said(hand, hand.stage, hand.task, None, reason, not hand.machine.alive)]

    def _dismiss(self, hand: Hand) -> None:
        if hand in self.hands:
            self.hands.remove(hand)
        with suppress(Exception):
            self.ray.kill(hand.actor)

    def leave(self) -> list[Said]:
        """Ends every worker: those at work are interrupted and tidy up, then whatever is left is killed.

        Gives what was cut off without tidying up.
        """
        busy = {h.waits_for: h for h in self.hands if h.task is not None and h.waits_for is not None}
        with suppress(Exception):
            if busy:
                self.ray.get(self.board.stop.remote(), timeout=ENDS)
                tidy, _ = self.ray.wait(list(busy), num_returns=len(busy), timeout=ENDS)
                for answer in tidy:
                    del busy[answer]
        for hand in list(self.hands):
            self._dismiss(hand)
        return [Said(h, h.stage, h.task, None, "stopped") for h in busy.values() if h.stage and h.task]


def _machine(row: dict[str, Any]) -> Machine:
    has = row["Resources"]
    return Machine(
        node=row["NodeID"],
        name=one_line(str(row.get("NodeManagerHostname") or row["NodeManagerAddress"]), 60),
        cores=float(has.get("CPU", 0)),
        memory=float(has.get("memory", 0)),
        gpus=int(has.get("GPU", 0)),
    )


def _reason(error: BaseException) -> str:
    return one_line(str(getattr(error, "cause", None) or error), 200)


def _start_of(reason: str) -> tuple[str, str]:
    """Why workers do not even start on a machine, and the mend."""
    if "No module named" in reason or "ModuleNotFoundError" in reason:
        return "has no clipper", "install clipper[ray] there, in the Python that its cluster runs"
    return f"ends every worker at once: {reason}", "look at Ray's logs there; most often the memory does not suffice"
