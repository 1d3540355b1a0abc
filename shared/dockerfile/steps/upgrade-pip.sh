# shellcheck shell=sh disable=SC2154
# Upgrades the pip of the image's Python.
find_python
ensure_pip
say "upgrading pip of $python"
# What an index of one's own offers is not always marked with the Python it needs.
newest=$(run "$python" -c 'import sys; print("pip<22" if sys.version_info < (3, 7) else "pip")')
run "$python" -m pip install --upgrade "$newest" ||
  fail 'pip could not be upgraded; what it said stands above'
