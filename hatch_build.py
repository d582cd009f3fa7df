"""打包钩子 Build hook: a wheel carries the built front end; an editable install does not build it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc,type-arg]
    """Runs scripts/build_web.py before a wheel is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the front end for a standard wheel, unless it is there or left out on purpose."""
        if version == "editable" or os.environ.get("HENGCANG_SKIP_WEB") == "1":
            return
        script = Path(self.root) / "scripts" / "build_web.py"
        if not (Path(self.root) / "src" / "hengcang" / "web" / "index.html").is_file():
            subprocess.run([sys.executable, str(script)], check=True)
