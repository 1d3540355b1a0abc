# shellcheck shell=sh disable=SC2154
# The image's Python 3 and its pip; what is missing comes from the image's package manager.
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
# The image is ours to change, also where its distribution keeps pip from its Python (PEP 668).
# A pip that knows nothing of it ignores the variable.
export PIP_BREAK_SYSTEM_PACKAGES=1

# Prints the path of the first Python 3 among the commands that its arguments name.
path_of_python() {
  for candidate in "$@"; do
    run "$candidate" -c 'import sys; sys.exit(sys.version_info < (3,) or print(sys.executable))' \
      2>/dev/null && return
  done
  return 1
}

# Installs native packages for Python, and says so.
add_for_python() {
  [ -n "$manager" ] || return 1
  say "adding $* with $manager (name them in packages to have a say in it)"
  install_native_packages "$@"
}

# Sets $python to the path of a Python 3, of version $wanted_python where there is such a one.
wanted_python=
find_python() {
  python=$(path_of_python ${wanted_python:+"python$wanted_python"} python3 python) && return
  say 'this image has no Python 3'
  case $manager in
    apk) add_for_python python3 py3-pip ;;
    *) add_for_python python3 python3-pip ;;
  esac || fail 'Python packages need Python 3; choose a base that has it, or one with' \
    'apt-get, dnf, microdnf, yum or apk and name python3 in packages'
  python=$(path_of_python python3) || fail 'there is still no python3; choose another base'
}

has_module() { run "$python" -m "$1" --help >/dev/null 2>&1; }

# Makes sure that $python has pip. A Python that is not the distribution's gets none from there.
ensure_pip() {
  has_module pip && return
  say "$python has no pip"
  case $python:$manager in
    /usr/bin/*:apk) add_for_python py3-pip || : ;;
    /usr/bin/*:?*) add_for_python python3-pip || : ;;
  esac
  has_module pip || run "$python" -m ensurepip || fail "Python packages need pip, which $python" \
    'lacks; add what brings it to packages (python3-pip, py3-pip), or choose another base'
}

# Makes a virtual environment in the folder $1.
make_venv() {
  run "$python" -m venv "$1" >"$work/venv.log" 2>&1 && return
  # Debian and Ubuntu keep a part of it in a package of its own.
  if [ "$manager" = apt-get ]; then
    add_for_python "${python##*/}-venv" && run "$python" -m venv --clear "$1" && return
  else
    cat "$work/venv.log"
  fi
  fail "$python cannot make a virtual environment; add what it needs to packages" \
    '(python3-venv on Debian and Ubuntu), or choose another base'
}
