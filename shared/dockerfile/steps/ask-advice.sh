# shellcheck shell=sh disable=SC2154
# Asks Thoth which versions to install, by /amun/advise.sh: the lock it recommends takes the place of
# the one in $work/stack. What to ask stands in /amun/advice, one NAME=value a line. Thoth's client
# lies below $work, and is gone with it.

# Only the operator may say that certificates do not count.
tls_verify=1
if grep -q '^THOTH_TLS_VERIFY=false$' /amun/operator.env; then tls_verify=0; fi

# What the base, or the specification's variables, would tell the client and its script is not what
# was asked. The stack's Python comes first: the advice is to fit that one. The client is used once:
# compiling all of it takes longer.
ask_advice() {
  set -- PATH="$venv/bin:$(value_of PATH)" TMPDIR="$work" THOTH_TLS_VERIFY="$tls_verify" \
    PIP_NO_COMPILE=1 THAMOS_CONFIG_TEMPLATE=/amun/thoth.yaml.template THAMOS_CONFIG_EXPAND_ENV=1
  while IFS= read -r line; do set -- "$@" "$line"; done </amun/advice
  # shellcheck disable=SC2016 # it is the inner shell's
  run sh -c '
    for name in $(env | sed -n "s/^\(TH\(OTH\|AMOS\)_[A-Za-z0-9_]*\)=.*/\1/p"); do unset "$name"; done
    exec env "$@"' sh "$@" sh /amun/advise.sh "$work/stack"
}

echo 0 >"$work/advice-code"
{ ask_advice || echo "$?" >"$work/advice-code"; } | tee "$work/advice-log"
[ "$(cat "$work/advice-code")" = 0 ] || fail 'there is no advice to build with, and why stands above;' \
  'advise.fallback lets a build go on with requirements_locked then'

# The recommended lock travels in the log, in marked lines that bear its own hash, for whoever keeps
# it. What installers insist on is added to it after that.
# shellcheck disable=SC2016
if grep -q '^amun-advice:[0-9a-f]*:.*"event": *"taken"' "$work/advice-log"; then
  run "$venv/bin/python" -c '
import base64, gzip, hashlib, json, sys
pipfile_lock = sys.argv[1]
with open(pipfile_lock, "rb") as file:
    content = file.read()
text = base64.b64encode(gzip.compress(content)).decode()
size = 4000
parts = -(-len(text) // size)
if parts <= 500:
    for part in range(parts):
        piece = text[part * size : (part + 1) * size]
        print("amun-advice-lock:%s:%d/%d:%s" % (hashlib.sha256(content).hexdigest(), part, parts, piece))
lock = json.loads(content)
meta = lock.setdefault("_meta", {})
for name, default in {"hash": {"sha256": ""}, "pipfile-spec": 6, "requires": {}, "sources": []}.items():
    meta.setdefault(name, default)
for number, source in enumerate(meta["sources"]):
    source.setdefault("name", "index-%d" % number)
    source.setdefault("verify_ssl", True)
lock.setdefault("develop", {})
with open(pipfile_lock, "w", encoding="utf-8") as file:
    json.dump(lock, file, indent=4)
    file.write("\n")
' "$work/stack/Pipfile.lock" || fail 'the Pipfile.lock that Thoth recommends cannot be used; what is' \
    'wrong with it stands above'
fi
