"""What processes and the machine use is sampled while a run goes on, by a thread that takes next to nothing itself."""

import os
import subprocess
import sys
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.recorder import sampling
from harness.recorder.sampling import Sampler, usage_of
from harness.store.samples import FILE, Sample, SampleFile, Usage, samples


def test_samples_follow_processes_until_they_end(tmp_path, eventually, monkeypatch):
    monkeypatch.setattr(sampling, "FIRST", 0.01)
    waiting = "import sys; print('here', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", waiting], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        sampler = Sampler(tmp_path, lambda: {0: os.getpid(), 7: child.pid}, lambda problem: None)
        sampler.open()
        before = time.process_time()
        while time.process_time() < before + 0.1:
            pass
        eventually(lambda: any(7 in one.engines for one in samples(tmp_path)))
        child.communicate()
        eventually(lambda: 7 not in list(samples(tmp_path))[-1].engines)
        sampler.close()
    found = list(samples(tmp_path))
    ours = [one.engines[0] for one in found]
    assert ours[-1].cpu - ours[0].cpu >= 0.05  # the system counts in steps of 0.01 s
    assert found[-1].busy - found[0].busy >= 0.05
    assert all(usage.pid == os.getpid() and usage.rss > 1e6 and usage.threads >= 1 for usage in ours)
    assert all(one.client.pid == os.getpid() and one.cores >= 1 for one in found)


def test_however_many_processes_there_are_sampling_takes_its_share_of_a_core_and_no_more(tmp_path, monkeypatch):
    waits = []

    class Over:
        """Notes for how long the sampler would wait, and ends it after a few samples."""

        def wait(self, seconds):
            waits.append(seconds)
            return len(waits) > 5

    monkeypatch.setattr(sampling, "FIRST", 0.0)
    sampler = Sampler(tmp_path, lambda: dict.fromkeys(range(300), os.getpid()), lambda problem: None)
    sampler._over = Over()
    before = time.thread_time()
    sampler._follow(SampleFile(tmp_path))
    assert time.thread_time() - before < 2 * sampling.COST * sum(waits) + 0.05


def test_a_place_that_cannot_be_written_is_told_and_nothing_more(tmp_path):
    told = []
    sampler = Sampler(tmp_path / "gone", dict, told.append)
    sampler.open()
    sampler.close()
    assert isinstance(told[0], FileNotFoundError)


def test_a_program_that_closes_all_descriptors_gets_no_samples_into_its_own_files(tmp_path):
    file = SampleFile(tmp_path)
    os.close(file._descriptor)
    theirs = os.open(tmp_path / "theirs", os.O_WRONLY | os.O_CREAT)
    if theirs != file._descriptor:
        os.dup2(theirs, file._descriptor)
    with pytest.raises(OSError, match="closed by the program"):
        file.write(Sample(time=1.0, cores=1, busy=1.0))
    file.close()
    os.write(file._descriptor, b"still open")
    assert (tmp_path / "theirs").read_bytes() == b"still open"
    for descriptor in {theirs, file._descriptor}:
        os.close(descriptor)


def test_a_process_that_is_gone_has_no_usage():
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert usage_of(child.pid) is None


@given(
    junk=st.lists(st.sampled_from([b"{", b'{"time":1e300,"cores":1,"busy":1}', b"\xff", b"[" * 5000, b'{"time":0}']))
)
def test_what_is_no_sample_or_goes_back_in_time_is_left_out(tmp_path_factory, junk):
    folder = tmp_path_factory.mktemp("run")
    true = [Sample(time=t, cores=2, busy=t, engines={1: Usage(5, t, 10, 2)}) for t in (1.0, 2.0, 1.5, 3.0)]
    lines = [msgspec.json.encode(one) for one in true]
    (folder / FILE).write_bytes(b"\n".join([lines[0], *junk, *lines[1:]]) + b"\n")
    assert [one.time for one in samples(folder)] == [1.0, 2.0, 3.0]
    assert list(samples(folder / "none")) == []
