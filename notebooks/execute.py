"""Executes notebooks and leaves them as they are.

    python execute.py OUT [NOTEBOOK ...]

writes each executed notebook into the folder OUT, with its plots as PNG files beside it. Without names, all are executed.
"""

import base64
import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

HERE = Path(__file__).resolve().parent


def execute(path, out):
    """Executes one notebook in the folder `out`; it is written there also if a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    try:
        NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(out)}}).execute()
    finally:
        nbformat.write(notebook, out / path.name)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    plots = [output.data["image/png"] for output in outputs if "image/png" in output.get("data", {})]
    for number, plot in enumerate(plots, 1):
        (out / f"{path.stem}-{number}.png").write_bytes(base64.b64decode(plot))


def main(out, *names):
    out = Path(out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    # The notebooks import their helper, wherever they run.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    for path in [Path(name) for name in names] or sorted(HERE.glob("*.ipynb")):
        try:
            execute(path, out)
        except CellExecutionError as error:
            sys.exit(f"{path.name}: " + re.sub(r"\x1b\[[0-9;]*m", "", str(error)))      # without colours


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
