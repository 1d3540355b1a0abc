# shellcheck shell=sh disable=SC2154
# Installs the requirements listed in /amun/python-packages, one a line, into the image's Python.
find_python
ensure_pip
set --
while IFS= read -r requirement; do
  set -- "$@" "$requirement"
done </amun/python-packages
say "installing $# Python packages into $python: $*"
run "$python" -m pip install -- "$@" ||
  fail 'pip could not install python_packages; what it said stands above'
