"""Processes, Dask and Ray do the same tasks and come to the same bytes. The clusters have two workers on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from importlib import import_module
from importlib.util import find_spec

import pytest

from masthead.rights.audit import executors
from masthead.rights.audit.executors import Stopped, spread
from masthead.rights.audit.folder import Folder
from masthead.rights.audit.run import Options, carry_out, start
from masthead.rights.audit.tests.test_detect import write_words
from masthead.rights.audit.tests.test_run import OPTIONS, contents, done, write_corpus, write_posts
from masthead.rights.audit.work import Setup

needs_dask = pytest.mark.skipif(not find_spec("distributed"), reason="Dask is not installed: pip install distributed")
needs_ray = pytest.mark.skipif(not find_spec("ray"), reason="Ray is not installed: pip install ray")
# In a process of its own, as the command line does it: a cluster's client changes signals, logging and threads of its process.
ON = """
import sys, pathlib
from masthead.rights.audit.folder import Folder
from masthead.rights.audit.run import carry_out
carry_out(Folder(pathlib.Path(sys.argv[1])), on=sys.argv[2])
"""


def on(folder: Folder, address: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ON, str(folder.path), address], capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture
def expected(tmp_path):
    corpus, posts = write_corpus(tmp_path), str(write_posts(tmp_path))
    found = done(tmp_path / "expected", posts, corpus)
    assert sum(1 for _ in found.matches()) == 1000
    return found, posts, corpus


@pytest.fixture
def dask():
    with import_module("distributed").LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        yield cluster.scheduler_address.replace("tcp://", "dask://")


@pytest.fixture
def ray():
    module = import_module("ray")
    module.init(
        num_cpus=2, include_dashboard=False, logging_level="ERROR", log_to_driver=False, object_store_memory=80 << 20
    )
    yield f"ray://{module.get_runtime_context().gcs_address}"
    module.shutdown()


@needs_dask
@pytest.mark.slow
def test_dask_gives_the_same_bytes(tmp_path, expected, dask):
    one, posts, corpus = expected
    folder = start(tmp_path / "dask", posts, [str(corpus)], OPTIONS)
    on(folder, dask)
    assert contents(folder.path) == contents(one.path)


@needs_ray
@pytest.mark.slow
def test_ray_gives_the_same_bytes(tmp_path, expected, ray):
    one, posts, corpus = expected
    folder = start(tmp_path / "ray", posts, [str(corpus)], OPTIONS)
    on(folder, ray)
    assert contents(folder.path) == contents(one.path)


@needs_dask
@pytest.mark.slow
def test_an_error_on_a_cluster_names_the_file(tmp_path, dask):
    path = tmp_path / "z.jsonl"
    path.write_bytes(b'{"text": "an error of ours"}\n')
    folder = start(tmp_path / "run", str(write_posts(tmp_path)), [str(path)], OPTIONS)
    with pytest.raises(Stopped, match=r"z\.jsonl.*one too many"):
        carry_out(folder, on=dask)


@needs_dask
@pytest.mark.slow
def test_the_whole_audit_is_the_same_with_processes_and_on_dask(tmp_path, dask):
    """With the true detector; the others look at what is around it."""
    posts, corpus = write_words(tmp_path)
    options = Options(chunk=20_000)
    here = start(tmp_path / "here", posts, [str(corpus)], options)
    carry_out(here, workers=2)
    there = start(tmp_path / "there", posts, [str(corpus)], options)
    on(there, dask)
    assert contents(here.path) == contents(there.path)
    assert here.result["totals"]["matches"] >= 500


def test_an_address_that_is_none_is_refused(tmp_path):
    with pytest.raises(Stopped, match="dask://host:port"):
        list(spread([], Setup(str(tmp_path), ()), workers=1, on="spark://here:1"))


@pytest.mark.parametrize(("scheme", "module"), [("dask", "distributed"), ("ray", "ray")])
def test_a_cluster_that_is_not_installed_says_what_to_install(tmp_path, monkeypatch, scheme, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(Stopped, match=f"pip install {module}"):
        list(spread([], Setup(str(tmp_path), ()), workers=1, on=f"{scheme}://127.0.0.1:9"))


@needs_dask
@pytest.mark.slow
def test_a_cluster_that_does_not_answer_says_how_to_start_one(tmp_path, monkeypatch):
    monkeypatch.setattr(import_module(executors.CLUSTERS["dask"]), "PATIENCE", "1s")
    with pytest.raises(Stopped, match="dask scheduler"):
        list(spread([], Setup(str(tmp_path), ()), workers=1, on="dask://127.0.0.1:9"))


def test_few_results_wait_however_many_tasks_there_are(tmp_path):
    """Tasks are taken as workers become free, so a corpus of a million tasks needs no more memory than one of ten."""
    corpus = tmp_path / "c.jsonl"
    corpus.write_text("".join(json.dumps({"text": f"text {number}"}) + "\n" for number in range(400)))
    folder = start(
        tmp_path / "run", str(write_posts(tmp_path)), [str(corpus)], Options(detector=OPTIONS.detector, chunk=100)
    )
    tasks, taken = folder.tasks(), []
    (folder.path / "prepared").mkdir()
    (folder.path / "prepared" / "texts.json").write_text("[]")
    setup = Setup(str(folder.prepared), ("text",), OPTIONS.detector)
    with closing(spread((taken.append(task) or task for task in tasks), setup, workers=2)) as results:
        next(results)
        assert len(tasks) > 50 and len(taken) <= 2 * executors.AHEAD + 2
