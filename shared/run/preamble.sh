#!/bin/sh
# Begins both scripts. They must behave whatever environment the user gave them, so: options off,
# imported functions of the names used here forgotten, bytes instead of characters.
# shellcheck disable=SC2034 # the constants are for the parts that follow
set +aefuvxC
\unset -f shopt read printf kill wait test echo cd command ulimit '[' umask true false 2>/dev/null
\unset IFS ENV BASH_ENV CDPATH
amun_tab='	'
amun_newline='
'
amun_specials=$(printf '\r\036\034\035\037')
amun_return=${amun_specials%????}
amun_us=${amun_specials#????}
amun_specials=${amun_specials#?}
amun_rs=${amun_specials%???}
amun_specials=${amun_specials#?}
amun_fs=${amun_specials%??}
amun_specials=${amun_specials#?}
amun_gs=${amun_specials%?}
amun_blank=" $amun_tab$amun_return$amun_newline"
