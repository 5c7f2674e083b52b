#!/usr/bin/env python3
"""night.py DAG UNIT: the Airflow DAG of the night has the steps of the systemd unit: the same commands in the same order, the same
lock, and what may fail in the one may fail in the other. Reads the file of the DAG without Airflow."""
import ast
import shlex
import sys

dag, unit = sys.argv[1:]
tree = ast.parse(open(dag, encoding="utf-8").read())
steps = next(ast.literal_eval(node.value) for node in tree.body
             if isinstance(node, ast.Assign) and node.targets[0].id == "STEPS")
named = {node.targets[0].id: node.value.args[1].value for node in tree.body
         if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and len(node.value.args) == 2}


def words_of(line):
    """Lock, whether it may fail, and the command without the program's settings."""
    words = shlex.split(line)
    lock, words = words[4], words[words.index("--config") + 2:]
    while words[0] == "--set":
        words = words[2:]
    return lock, line.startswith("-"), words


lines = [line.partition("=")[2].strip() for line in open(unit, encoding="utf-8") if line.startswith("ExecStart=")]
assert len(lines) == len(steps) > 4, (lines, steps)
for line, (name, may_fail, words) in zip(lines, steps):
    assert words_of(line) == (named["NIGHT_LOCK"], may_fail, words), (line, name)
    assert shlex.split(line.lstrip("-"))[:4] == ["/usr/bin/flock", "--nonblock", "--conflict-exit-code", "75"], line
assert named["MVTI_CONFIG" if "MVTI_CONFIG" in named else "CONFIG"] == "/etc/mvti/mvti.conf"
