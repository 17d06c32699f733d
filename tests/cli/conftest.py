"""What the tests of the command line share: a call of it in this process."""

import pytest

from harness.cli import main


@pytest.fixture
def harness(capsys):
    """Calls the command line in this process; returns (exit status, stdout, stderr)."""

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return call
