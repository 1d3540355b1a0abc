# shellcheck shell=sh disable=SC2154
# Installs Pipfile.lock of $work/stack into the virtual environment $venv.

# The installer lies in a folder of its own, which no process but itself looks into.
say "getting $installer, outside of the stack"
run "$venv/bin/python" -m pip install --quiet --target "$work/installer" "$installer" ||
  fail "$installer could not be installed; what pip said stands above"

# Where the operator has an index in the place of pip's own, the lock's mention of pip's own means it.
mirror=$(value_of PIP_INDEX_URL)
mkdir "$work/project"
cp "$work/stack/Pipfile" "$work/stack/Pipfile.lock" "$work/project"
cd "$work/project" || exit
[ -z "$mirror" ] || run "$venv/bin/python" -c '
import json, sys
from urllib.parse import urlparse
from pip._internal.models.index import PyPI
with open("Pipfile.lock", encoding="utf-8") as file:
    lock = json.load(file)
for source in lock["_meta"]["sources"]:
    if urlparse(source["url"]).netloc == PyPI.netloc:
        source["url"] = sys.argv[1]
with open("Pipfile.lock", "w", encoding="utf-8") as file:
    json.dump(lock, file)
' "$mirror"

trusted=$(value_of PIP_TRUSTED_HOST)
if [ -s /amun/trusted-hosts ]; then
  while IFS= read -r host; do trusted="$trusted $host"; done </amun/trusted-hosts
fi

say "installing Pipfile.lock with $installer"
case $installer in
  micropipenv) set -- install --method pipenv ;;
  pipenv) set -- sync ;;
esac
set -- "$venv/bin/python" -c 'import runpy, sys
sys.path.insert(0, sys.argv.pop(1))
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)' \
  "$work/installer" "$installer" "$@"
[ -z "$mirror" ] || set -- PIPENV_PYPI_MIRROR="$mirror" "$@"
[ -z "$trusted" ] || set -- PIP_TRUSTED_HOST="$trusted" "$@"
run VIRTUAL_ENV="$venv" PATH="$venv/bin:$(value_of PATH)" MICROPIPENV_PIP_BIN="$venv/bin/pip" \
  PIPENV_VERBOSITY=-1 PIPENV_NOSPIN=1 PIPENV_YES=1 PIPENV_MAX_DEPTH=1 "$@" ||
  fail "$installer could not install Pipfile.lock; what it said stands above"

cp "$work/stack/Pipfile" "$work/stack/Pipfile.lock" "$home"
chmod 664 "$home/Pipfile" "$home/Pipfile.lock"
chown 1042:0 "$home/Pipfile" "$home/Pipfile.lock"
chown -R 1042:0 "$venv"
chmod -R g=u "$venv"
