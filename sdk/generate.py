"""Write the types of the API, for Python and TypeScript, from docs/openapi.yaml: `make sdk`.

With `--check` nothing is written, and what is out of date is named.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = ROOT / "docs" / "openapi.yaml"
PYTHON = ROOT / "sdk" / "python" / "ok_till" / "models.py"
TYPESCRIPT = ROOT / "sdk" / "typescript" / "ok-api.d.ts"
SAYS = (
    '"""The bodies and answers of OK\'s API, from docs/openapi.yaml by `make sdk`: do not edit."""'
)


def main(arguments: list[str]) -> int:
    """Write the files, or check them; return the exit status."""
    with TemporaryDirectory() as folder:
        made = {
            PYTHON: _python(Path(folder)),
            TYPESCRIPT: _typescript(Path(folder)),
        }
    stale = [path for path, text in made.items() if not path.exists() or path.read_text() != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path} is not what the contract says: make sdk")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path])
    return 0


def _python(folder: Path) -> str:
    contract = folder / "openapi.yaml"
    contract.write_text(yaml.safe_dump(_opened(yaml.safe_load(CONTRACT.read_text()))))
    made = folder / "models.py"
    _run(
        [
            str(Path(sys.executable).parent / "datamodel-codegen"),
            f"--input={contract}",
            "--input-file-type=openapi",
            f"--output={made}",
            "--output-model-type=typing.TypedDict",
            "--target-python-version=3.11",
            "--enum-field-as-literal=all",
            "--use-double-quotes",
            "--use-schema-description",
            "--use-field-description",
            "--use-standard-collections",
            "--use-union-operator",
            "--formatters=builtin",
            "--disable-timestamp",
            f"--custom-file-header={SAYS}",
        ]
    )
    return made.read_text()


def _typescript(folder: Path) -> str:
    made = folder / "ok-api.d.ts"
    _run(
        [str(ROOT / "node_modules" / ".bin" / "openapi-typescript"), str(CONTRACT), "-o", str(made)]
    )
    return made.read_text()


def _opened(part: Any) -> Any:
    """Let answers hold more than is written: a till must not stop at a field that came later."""
    if isinstance(part, dict):
        return {
            name: _opened(value) for name, value in part.items() if name != "additionalProperties"
        }
    return [_opened(each) for each in part] if isinstance(part, list) else part


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
