// The Python of Lambda, 3.13, on every machine that has Node: CPython itself, built for WebAssembly.
//
// node lambda_python.mjs -m compileall ARGUMENT...     as `python -m compileall`, in this directory

import { loadPyodide } from "pyodide";

const [, , , ...compiling] = process.argv;
const python = await loadPyodide({ env: { ...process.env, HOME: "/home" } });
python.mountNodeFS("/here", process.cwd());
python.globals.set("arguments", python.toPy(compiling));
const isDone = python.runPython(`
import compileall, os, sys
os.chdir("/here")
sys.argv = arguments
compileall.main()
`);
process.exitCode = isDone ? 0 : 1;
