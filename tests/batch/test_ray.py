"""A real Ray cluster of two nodes: the bytes of `local`, whatever is killed meanwhile, and nothing done twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from clipper import __version__, cache
from clipper.batch.executors import open_executor
from clipper.batch.executors.ray import Ray, cluster, crew, far
from clipper.batch.work import Options, Outcome, Task
from clipper.errors import MissingError
from tests.batch import tiny

NODE = {"num_cpus": 1, "memory": 2_000_000_000, "object_store_memory": 80_000_000, "include_dashboard": False}
OPTIONS = Options(
    count=1, shortest=4, longest=12, quality="draft", formats="square", size="360x360", language="en", offline=True
)  # fmt: skip


@pytest.fixture(scope="module")
def nodes(beside_clusters: None) -> Iterator[Any]:
    """A cluster of two nodes with one core each; tests add what they kill."""
    cluster.load()
    from ray.cluster_utils import Cluster

    found = Cluster(initialize_head=True, head_node_args=NODE)
    found.add_node(**{k: v for k, v in NODE.items() if k != "include_dashboard"})
    yield found
    found.shutdown()


def add(nodes: Any, **more: Any) -> Any:
    return nodes.add_node(**{**{k: v for k, v in NODE.items() if k != "include_dashboard"}, **more})


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Four episodes: three bring their words, the last is heard."""
    folder = tmp_path_factory.mktemp("ray") / "show"
    pages = [tiny.episode(folder, number) for number in range(4)]
    pages[3].with_suffix(".txt").unlink()
    return pages


def tasks(pages: Sequence[Path], out: Path) -> list[Task]:
    return [
        Task(p.stem, str(p), str(out / p.stem), OPTIONS, transcript=str(t) if t.is_file() else None)
        for p in pages
        for t in [p.with_suffix(".txt")]
    ]  # fmt: skip


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that knows nothing yet, but the weights."""
    weights = Path(os.environ["CLIPPER_CACHE"]) / "weights"
    folder = tmp_path / "cache"
    folder.mkdir()
    if weights.is_dir():
        (folder / "weights").symlink_to(weights)
    monkeypatch.setenv("CLIPPER_CACHE", str(folder))
    return folder


@pytest.fixture(scope="module")
def wanted(show: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the executor `local` makes of them."""
    out = show[0].parent.parent / "local"
    with closing(open_executor("local", jobs=2).run(tasks(show, out), lambda *said: None)) as outcomes:
        assert {o.name: o.state for o in outcomes} == {"ep0": "done", "ep1": "done", "ep2": "done", "ep3": "done"}
    return tiny.results(out)


@dataclass
class Watched:
    """A run on the cluster: who was given what, what was told, and the outcomes."""

    executor: Ray
    given: Counter[tuple[str, str]] = field(default_factory=Counter)
    machines: dict[tuple[str, str], str] = field(default_factory=dict)
    gpu: dict[tuple[str, str], bool] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    words: list[tuple[str, str]] = field(default_factory=list)

    def run(self, monkeypatch: pytest.MonkeyPatch, todo: Sequence[Task]) -> None:
        give = crew.Crew.give

        def counted(self_: Any, hand: Any, stage: Any, task: Task) -> None:
            self.given[task.name, stage] += 1
            self.machines[task.name, stage] = hand.machine.node
            self.gpu[task.name, stage] = hand.gpu
            give(self_, hand, stage, task)

        monkeypatch.setattr(crew.Crew, "give", counted)
        try:
            heard = self.executor.run(
                todo, lambda name, stage, *how: self.words.append((name, stage)), self.told.append
            )
            with closing(heard) as outcomes:
                for outcome in outcomes:
                    assert outcome.name not in self.outcomes
                    self.outcomes[outcome.name] = outcome
        finally:
            monkeypatch.setattr(crew.Crew, "give", give)

    def states(self) -> dict[str, str]:
        return {name: outcome.state for name, outcome in sorted(self.outcomes.items())}


def when_making(
    watched: Watched, out: Path, which: Callable[[Any], bool], strike: Callable[[Any], None]
) -> tuple[threading.Thread, list[str]]:
    """Strikes once a worker of such a kind makes an episode's clips; the episode's name is in the list afterwards."""
    hit: list[str] = []

    def wait() -> None:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and not hit:
            team = watched.executor._crew
            for hand in list(team.hands) if team else ():
                task = hand.task
                if task and hand.stage == "make" and which(hand) and (out / task.name / ".clipper-lock").exists():
                    hit.append(task.name)
                    strike(hand)
                    break
            time.sleep(0.005)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread, hit


def same(out: Path, wanted: dict[str, bytes]) -> None:
    found = tiny.results(out)
    assert found.keys() == wanted.keys()
    assert not [name for name in found if found[name] != wanted[name]]


def test_two_machines_make_the_bytes_of_local_and_do_nothing_twice(
    nodes: Any, show: list[Path], wanted: dict[str, bytes], own_cache: Path, monkeypatch: pytest.MonkeyPatch
):
    out = show[0].parent.parent / "both"
    watched = Watched(Ray(address=nodes.address))
    watched.run(monkeypatch, tasks(show, out))
    assert watched.states() == {"ep0": "done", "ep1": "done", "ep2": "done", "ep3": "done"}
    same(out, wanted)
    assert set(watched.given.values()) == {1}
    assert len(watched.given) == 8
    assert len(set(watched.machines.values())) == 2
    assert not watched.told
    assert ("ep3", "transcribe") in watched.words


def test_a_killed_worker_costs_the_stage_it_was_at_and_one_that_always_dies_its_episode(
    nodes: Any, show: list[Path], wanted: dict[str, bytes], own_cache: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
):  # fmt: skip
    out = show[0].parent.parent / "worker"
    watched = Watched(Ray(address=nodes.address))
    killed: list[int] = []

    def kill(hand: Any) -> None:
        killed.append(hand.greeting.pid)
        os.kill(hand.greeting.pid, signal.SIGKILL)

    when_making(watched, out, lambda hand: hand.task.name == "ep3", kill)
    for _ in range(3):
        when_making(watched, out, lambda hand: hand.task.name == "ep1" and hand.greeting.pid not in killed, kill)
    watched.run(monkeypatch, tasks(show, out))
    assert watched.states() == {"ep0": "done", "ep1": "failed", "ep2": "done", "ep3": "done"}
    assert watched.outcomes["ep1"].message.startswith("the worker that did it was lost 3 times, last on ")
    assert (watched.given.pop(("ep3", "make")), watched.given.pop(("ep1", "make"))) == (2, 3)
    assert set(watched.given.values()) == {1}  # above all ep3 is not heard again
    lost = "the worker that did {} was lost; it is done again".format
    assert sorted(watched.told) == [lost("ep1"), lost("ep1"), lost("ep3")]
    assert not capfd.readouterr().out  # an answer in JSON goes there
    found = {name: data for name, data in tiny.results(out).items() if not name.startswith("ep1/")}
    assert found == {name: data for name, data in wanted.items() if not name.startswith("ep1/")}
    assert not list(out.rglob(".clipper-*"))


def test_a_machine_that_dies_costs_the_stages_it_was_at(
    nodes: Any, show: list[Path], wanted: dict[str, bytes], own_cache: Path, monkeypatch: pytest.MonkeyPatch
):
    out = show[0].parent.parent / "machine"
    heard: dict[Path, int] = {}
    doomed = add(nodes)

    def kill(hand: Any) -> None:
        heard.update({p: p.stat().st_mtime_ns for p in own_cache.glob("transcripts/*")})
        nodes.remove_node(doomed, allow_graceful=False)

    idle, ready = crew.Crew.idle, threading.Event()

    def once_all_are_there(self_: Any, stage: Any) -> Any:  # or the others may have done it all before it is up
        if sum(hand.greeting is not None for hand in self_.hands) == 3:
            ready.set()
        return idle(self_, stage) if ready.is_set() else []

    monkeypatch.setattr(crew.Crew, "idle", once_all_are_there)
    watched = Watched(Ray(address=nodes.address))
    thread, hit = when_making(watched, out, lambda hand: hand.machine.node == doomed.node_id, kill)
    watched.run(monkeypatch, tasks(show, out))
    thread.join()
    (name,) = hit
    same(out, wanted)
    assert watched.given.pop((name, "make")) == 2
    assert set(watched.given.values()) == {1}
    assert watched.machines[name, "make"] != doomed.node_id
    assert {p: p.stat().st_mtime_ns for p in own_cache.glob("transcripts/*")}.items() >= heard.items()
    assert f"the worker that did {name} was lost; it is done again" in watched.told
    assert not list(out.rglob(".clipper-*"))


def test_with_a_gpu_in_the_cluster_it_hears_and_the_others_make(
    nodes: Any, show: list[Path], wanted: dict[str, bytes], own_cache: Path, monkeypatch: pytest.MonkeyPatch
):
    """Ray is told of a GPU that is none: who gets what is its affair, and where none answers, a processor hears."""
    out = show[0].parent.parent / "gpu"
    node = add(nodes, num_gpus=1)
    try:
        watched = Watched(Ray(address=nodes.address))
        watched.run(monkeypatch, tasks(show[2:], out))
    finally:
        nodes.remove_node(node)
    assert watched.states() == {"ep2": "done", "ep3": "done"}
    assert watched.gpu == {("ep2", "hear"): True, ("ep3", "hear"): True, ("ep2", "make"): False, ("ep3", "make"): False}
    same(out, {name: data for name, data in wanted.items() if name.startswith(("ep2", "ep3"))})


def test_a_machine_that_does_not_see_the_disk_is_left_out_and_named(
    show: list[Path], own_cache: Path, monkeypatch: pytest.MonkeyPatch
):
    from ray.cluster_utils import Cluster

    out = show[0].parent.parent / "unseen"
    out.mkdir()
    nodes = Cluster(initialize_head=True, head_node_args={**NODE, "num_cpus": 0})
    blind = blind_node(nodes.address, out)
    try:
        alone = Watched(Ray(address=nodes.address))
        with pytest.raises(MissingError) as told:
            alone.run(monkeypatch, tasks(show[:1], out))
        (line,) = alone.told
        assert line.endswith(f" is left out: it does not see {out}")
        assert told.value.message.startswith("no machine of the cluster can do the work; first, ")
        assert told.value.message.endswith(f" does not see {out}")
        assert told.value.mend == "put it on a disk that every machine has under the same path"
        add(nodes)
        both = Watched(Ray(address=nodes.address))
        both.run(monkeypatch, tasks(show[:1], out))
        assert both.states() == {"ep0": "done"}
        assert set(both.told) <= {line}  # the other may be done before this one is up
    finally:
        blind.terminate()
        blind.wait(30)
        nodes.shutdown()


def blind_node(address: str, folder: Path) -> subprocess.Popen[bytes]:
    """A node that has another, empty disk at `folder`: a mount in a name space of its own."""
    ray = Path(sys.executable).with_name("ray")
    start = f"mount -t tmpfs none '{folder}' && exec '{ray}' start --address={address} --num-cpus=1 --block"
    start += " --memory=2000000000 --object-store-memory=80000000"
    return subprocess.Popen(["unshare", "-m", "sh", "-c", start], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_a_cluster_of_another_version_is_refused_and_both_are_named(nodes: Any, show: list[Path], tmp_path: Path):
    from ray._common.usage import usage_constants
    from ray._private import ray_constants
    from ray._raylet import GcsClient

    client = GcsClient(address=nodes.address)
    place = (usage_constants.CLUSTER_METADATA_KEY, ray_constants.KV_NAMESPACE_CLUSTER)
    before = client.internal_kv_get(*place)
    told = {**json.loads(before), "ray_version": "2.9.0", "python_version": "3.10.1"}
    client.internal_kv_put(place[0], json.dumps(told).encode(), True, place[1])
    try:
        with pytest.raises(MissingError) as error:
            list(Ray(address=nodes.address).run(tasks(show, tmp_path), lambda *said: None))
    finally:
        client.internal_kv_put(place[0], before, True, place[1])
    assert error.value.message.startswith(
        f"the cluster at {nodes.address} has other versions: it has Ray 2.9.0 and Python 3.10.1, this machine Ray "
    )
    assert error.value.mend == "install the same Ray and Python on all machines"


def test_a_worker_loads_the_recogniser_once(
    show: list[Path], own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from clipper.speech import engines

    loaded: list[str] = []
    load = engines._load
    monkeypatch.setattr(engines, "_load", lambda name, weights: loaded.append(name) or load(name, weights))
    monkeypatch.setattr(far, "claim", lambda cores: set())
    sounds = [p.with_suffix(".mp3") for p in show[:2]]
    with cache.passing(tmp_path / "here") as seen:
        seen.write_text("yes", encoding="utf-8")
        setting = far.Setting(
            __version__, {k: v for k, v in os.environ.items() if k.startswith("CLIPPER_")}, far.digest_of_settings(),
            str(Path.cwd()), {str(seen): "yes"}, (str(tmp_path),),
        )  # fmt: skip
        before = signal.getsignal(signal.SIGINT)
        worker = far.Worker(setting, None, 1, 60.0)
        try:
            assert worker.greet().problem == ""
            for sound in sounds:
                task = Task(sound.stem, str(sound), str(tmp_path / sound.stem), OPTIONS)
                assert worker.do("hear", task) is None
        finally:
            worker._sharing.__exit__(None, None, None)
            signal.signal(signal.SIGINT, before)
        assert loaded == ["faster-whisper"]
        for change, problem in (
            ({"version": "0.0.1"}, f"has clipper {__version__}, not 0.0.1"),
            ({"user": "another"}, "has other settings of the user in "),
            ({"shared": {str(tmp_path / "gone"): "yes"}}, f"does not see {tmp_path}"),
            ({"shared": {str(seen): "no"}}, f"does not see {tmp_path}"),
            ({"shared": {str(own_cache / "x"): "yes"}}, f"does not see the cache {own_cache}"),
            ({"folders": (str(tmp_path / "no"),)}, f"does not see {tmp_path / 'no'}"),
        ):
            found, mend = far.unfit(replace(setting, **change))
            assert found.startswith(problem)
            assert mend
