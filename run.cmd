@echo off
rem 衡仓 on Windows: run.cmd demo ^| test ^| serve. Needs only Python 3.11 or newer.
setlocal
cd /d "%~dp0"
if not exist .venv\Scripts\python.exe py -3 -m venv .venv || exit /b 1
if not exist .venv\Scripts\uv.exe .venv\Scripts\python -m pip install --quiet "uv==0.13.9" || exit /b 1
set COMMAND=%1
if "%COMMAND%"=="" set COMMAND=demo
if "%COMMAND%"=="test" (
  .venv\Scripts\uv pip install --quiet --python .venv\Scripts\python.exe -e . --group dev || exit /b 1
  .venv\Scripts\python scripts\build_web.py || exit /b 1
  .venv\Scripts\python scripts\prove.py
  exit /b %ERRORLEVEL%
)
.venv\Scripts\uv pip install --quiet --python .venv\Scripts\python.exe -e . || exit /b 1
.venv\Scripts\python scripts\build_web.py || exit /b 1
.venv\Scripts\hengcang %COMMAND%
