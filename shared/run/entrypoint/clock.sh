# The time of day without a process each: /proc/uptime plus an offset found out once.

# Hundredths of a second since the start of the machine into amun_uptime.
amun_read_uptime() {
  read -r amun_line amun_rest 2>/dev/null </proc/uptime
  case $amun_line in
    *[!0-9.]* | *.*.* | *.??? | '' | *.) amun_uptime=0 ;;
    *.??) amun_uptime=$((${amun_line%.*}00 + 1${amun_line#*.} - 100)) ;;
    *) amun_uptime=0 ;;
  esac
}

# Hundredths of a second between the epoch and the machine's start, into amun_offset: from date
# where there is one, else from the kernel, which knows whole seconds only.
amun_find_offset() {
  amun_offset=''
  amun_read_uptime
  amun_date=$(date -u +%s.%N 2>/dev/null)
  case $amun_date in
    *[!0-9.]* | *.) amun_date=${amun_date%%.*}.00 ;;
  esac
  case $amun_date in
    [1-9]*.[0-9][0-9]*)
      amun_rest=${amun_date#*.}
      amun_rest=${amun_rest%"${amun_rest#??}"}
      case ${amun_date%.*}$amun_rest in
        *[!0-9]*) ;;
        *) amun_offset=$((${amun_date%.*}00 + 1$amun_rest - 100 - amun_uptime)) ;;
      esac
      ;;
  esac
  case $amun_offset in '') ;; *) return 0 ;; esac
  amun_offset=0
  while read -r amun_key amun_rest; do
    case $amun_key in btime) amun_offset=${amun_rest}00 ;; esac
  done 2>/dev/null </proc/stat
}

# $1 with two digits into amun_two.
amun_two_digits() {
  case $1 in ?) amun_two=0$1 ;; *) amun_two=$1 ;; esac
}

# Now, as ISO 8601 in UTC, into amun_now. Days become a date by the rules of the Gregorian calendar,
# counted from a 1st of March so that the leap day is the last of its year.
amun_tell_time() {
  amun_read_uptime
  amun_time=$((amun_offset + amun_uptime))
  amun_two_digits $((amun_time % 100)) && amun_now=.${amun_two}0Z
  amun_time=$((amun_time / 100))
  amun_two_digits $((amun_time % 60)) && amun_now=$amun_two$amun_now
  amun_two_digits $((amun_time / 60 % 60)) && amun_now=$amun_two:$amun_now
  amun_two_digits $((amun_time / 3600 % 24)) && amun_now=${amun_two}:$amun_now
  amun_days=$((amun_time / 86400 + 719468))
  amun_era=$((amun_days / 146097)) amun_day=$((amun_days % 146097))
  amun_year=$(((amun_day - amun_day / 1460 + amun_day / 36524 - amun_day / 146096) / 365))
  amun_day=$((amun_day - (365 * amun_year + amun_year / 4 - amun_year / 100)))
  amun_month=$(((5 * amun_day + 2) / 153))
  amun_day=$((amun_day - (153 * amun_month + 2) / 5 + 1))
  amun_year=$((amun_year + 400 * amun_era + (amun_month > 9)))
  amun_month=$((amun_month + (amun_month < 10 ? 3 : -9)))
  amun_two_digits "$amun_day" && amun_now=${amun_two}T$amun_now
  amun_two_digits "$amun_month" && amun_now=$amun_year-$amun_two-$amun_now
}
