# shellcheck shell=sh disable=SC2034,SC2154
# Makes the virtual environment /home/amun/venv, and $work/stack: the stack that is to go into it.
# Options: --with=micropipenv|pipenv, --python=VERSION, --upgrade-pip.
installer=micropipenv upgrade_pip=
for option in "$@"; do
  case $option in
    --with=*) installer=${option#*=} ;;
    --python=*) wanted_python=${option#*=} ;;
    --upgrade-pip) upgrade_pip=yes ;;
  esac
done
home=/home/amun
venv=$home/venv

rm -rf "$venv" # a base that has one finds its Python there
find_python
found=$(run "$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
[ "${wanted_python:-$found}" = "$found" ] || say "Pipfile.lock is for Python $wanted_python, this" \
  "image has $found: what it names may not be there for it"
say "making $venv with $python"
make_venv "$venv"

# A pip older than 20.3 cannot read most of the wheels that are published today.
if [ -n "$upgrade_pip" ] || ! run "$venv/bin/python" -c \
  'import pip, sys; sys.exit(tuple(int(n) for n in pip.__version__.split(".")[:2]) < (20, 3))'; then
  say 'upgrading its pip'
  newest=$(run "$python" -c 'import sys; print("pip<22" if sys.version_info < (3, 7) else "pip")')
  run "$venv/bin/python" -m pip install --upgrade "$newest" ||
    fail "the pip of $venv could not be upgraded; what it said stands above"
fi

mkdir "$work/stack"
cp /amun/Pipfile "$work/stack"
[ ! -f /amun/Pipfile.lock ] || cp /amun/Pipfile.lock "$work/stack"
