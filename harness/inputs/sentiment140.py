"""Reading a Sentiment140 file: 1.6 million tweets labelled by the emoticon they held.

A. Go, R. Bhayani and L. Huang, *Twitter Sentiment Classification using Distant Supervision*, Stanford 2009.
"""

from pathlib import Path

import pandas as pd

from harness.errors import BadInput
from harness.inputs.rated import mended

COLUMNS = ["target", "id", "date", "flag", "user", "text"]
RATINGS = {0: -2.0, 4: 2.0}  # a label says the sign only; 2 (neutral) stands in the small test file


def read(file: Path) -> pd.DataFrame:
    """The tweets of `training.1600000.processed.noemoticon.csv`: columns `text` (str) and `rating` (−2 or 2).

    Neutral ones are left out. Raises BadInput, naming the line where there is one to blame.
    """
    try:
        table = pd.read_csv(file, names=[*COLUMNS, "surplus"], header=None, encoding="latin-1", dtype="str")
    except (OSError, pd.errors.EmptyDataError, pd.errors.ParserError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else " ".join(str(problem).split())
        raise BadInput(f"{file}: {why}: {_ASK}") from None
    targets = pd.to_numeric(table["target"], errors="coerce")
    wrong = ~targets.isin([0, 2, 4]) | table["text"].isna() | table["surplus"].notna()
    if wrong.any():
        row = int(wrong.idxmax())
        seen = table.iloc[row].dropna().tolist()
        raise BadInput(f"{file}, row {row + 1}: {len(seen)} fields, the first {str(seen[:1])[1:-1][:40]}: {_ASK}")
    labels = targets[targets != 2]
    if set(labels) != set(RATINGS):
        only = f"targets are all {targets.iloc[0]:g}" if len(targets) else "it is empty"
        raise BadInput(f"{file}: {only}: {_ASK}")
    texts = table["text"].loc[labels.index].map(mended)
    return pd.DataFrame({"text": texts, "rating": labels.map(RATINGS)}).reset_index(drop=True)


_ASK = "give Sentiment140's training file: six columns, target 0 or 4, id, date, flag, user, text, and no header"
