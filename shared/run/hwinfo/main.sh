# Puts the parts together and writes them.

# The processor's flags, sorted, as a JSON array in amun_flag_list. For want of sort: one list for
# each first character, and insertion into that.
amun_sort_flags() {
  amun_flag_list=''
  set -f
  for amun_first in 0 1 2 3 4 5 6 7 8 9 _ a b c d e f g h i j k l m n o p q r s t u v w x y z; do
    case " $amun_flags" in *" $amun_first"*) ;; *) continue ;; esac
    amun_sorted=' '
    for amun_flag in $amun_flags; do
      case $amun_flag in "$amun_first"*) amun_insert_flag ;; esac
    done
    for amun_flag in $amun_sorted; do
      amun_json_string "$amun_flag"
      amun_flag_list="$amun_flag_list${amun_flag_list:+,}$amun_json"
    done
  done
  set +f
}

# Puts amun_flag into its place in amun_sorted.
amun_insert_flag() {
  amun_before=' ' amun_after=$amun_sorted
  for amun_other in $amun_sorted; do
    # shellcheck disable=SC3012 # dash, bash and busybox compare texts with \>
    [ "$amun_other" \> "$amun_flag" ] && break
    amun_before="$amun_before$amun_other "
    amun_after=${amun_after#" $amun_other"}
  done
  amun_sorted="$amun_before$amun_flag$amun_after"
}

amun_describe_machine() {
  amun_read_cpu
  amun_count_cpus
  amun_find_machine
  amun_read_caches
  amun_sort_flags
  amun_build_type
  amun_to_hertz "$amun_mhz"
  amun_actual=$amun_hz amun_actual_ghz=$amun_ghz
  # "… @ 2.50GHz" is what it was sold as.
  amun_sold=''
  case $amun_brand in *@*GHz*) amun_sold=${amun_brand##*@} amun_sold=${amun_sold%%GHz*} ;; esac
  amun_trim "$amun_sold"
  case $amun_trimmed in *.???* | *[!0-9.]*) amun_trimmed='' ;; esac
  case $amun_trimmed in
    '') ;;
    *.??) amun_trimmed="${amun_trimmed%.*}${amun_trimmed#*.}0" ;;
    *.?) amun_trimmed="${amun_trimmed%.*}${amun_trimmed#*.}00" ;;
    *) amun_trimmed="${amun_trimmed}000" ;;
  esac
  amun_to_hertz "$amun_trimmed"
  amun_advertised=${amun_hz:-$amun_actual} amun_advertised_ghz=${amun_ghz:-$amun_actual_ghz}
}

# Appends "$1": the JSON in amun_json to amun_info.
amun_add_info() {
  amun_info="$amun_info${amun_info:+,}\"$1\":$amun_json"
}

amun_build_cpu() {
  amun_info=''
  amun_json="[$amun_flag_list]" && amun_add_info flags
  amun_json=null
  [ -n "$amun_actual" ] && amun_json="[$amun_actual,0]"
  amun_add_info hz_actual
  amun_json=null
  [ -n "$amun_advertised" ] && amun_json="[$amun_advertised,0]"
  amun_add_info hz_advertised
  amun_features="$amun_info,\"hz_actual_raw\":null,\"hz_advertised_raw\":null,\
\"l1_data_cache_size\":$amun_l1d,\"l1_instruction_cache_size\":$amun_l1i,\
\"l2_cache_size\":$amun_l2,\"l3_cache_size\":$amun_l3"

  amun_info=''
  amun_json_text "$amun_arch" && amun_add_info arch
  amun_json_text "$amun_machine" && amun_add_info arch_string_raw
  amun_json_text "$amun_brand" && amun_add_info brand_raw
  amun_json_number "$amun_family" && amun_add_info family
  amun_json_number "$amun_model" && amun_add_info model
  amun_json_number "$amun_stepping" && amun_add_info stepping
  amun_json_text "$amun_vendor" && amun_add_info vendor_id_raw
  amun_json_text "$amun_actual_ghz" && amun_add_info hz_actual_friendly
  amun_json_text "$amun_advertised_ghz" && amun_add_info hz_advertised_friendly
  amun_cpu_info="$amun_info,\"bits\":$amun_bits,\"count\":$amun_count,\
\"cpuinfo_version\":[7,0,0],\"cpuinfo_version_string\":\"7.0.0\",\
\"l2_cache_associativity\":$amun_l2ways,\"l2_cache_line_size\":$amun_l2line"
}

amun_build_platform() {
  amun_info=''
  amun_json="[\"${amun_bits}bit\",\"\"]" && amun_add_info architecture
  amun_json_string "$amun_machine" && amun_add_info machine
  amun_first_line "$amun_proc/sys/kernel/hostname"
  amun_json_string "$amun_line" && amun_add_info node
  amun_first_line "$amun_proc/sys/kernel/osrelease"
  amun_release=$amun_line
  amun_json_string "Linux-$amun_release-$amun_machine" && amun_add_info platform
  amun_json_string "$amun_machine" && amun_add_info processor
  amun_json_string "$amun_release" && amun_add_info release
  amun_first_line "$amun_proc/sys/kernel/version"
  amun_json_string "$amun_line" && amun_add_info version
}

amun_write_hwinfo() {
  LC_ALL=C
  amun_describe_machine
  amun_build_cpu
  amun_build_platform
  amun_read_gpus
  amun_gpu_part=''
  [ -n "$amun_gpus" ] && amun_gpu_part=",\"gpu\":[$amun_gpus]"
  if ! printf '%s\n' "{\"cpu_features\":{$amun_features},\"cpu_info\":{$amun_cpu_info},\
\"cpu_type\":$amun_type,\"platform\":{$amun_info}$amun_gpu_part}" 2>/dev/null >"$amun_out"; then
    printf 'amun: hardware information could not be written to %s\n' "$amun_out" >&2
    exit 1
  fi
}

amun_write_hwinfo
