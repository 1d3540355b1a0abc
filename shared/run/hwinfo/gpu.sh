# Graphics processors, from the NVIDIA driver's /proc and from PCI class 03. A machine's bus may
# hold many devices; only those of that class are described.

# Adds the display controllers of the PCI bus to amun_gpus, as comma-separated JSON objects.
amun_read_gpus() {
  amun_gpus=''
  for amun_device in "$amun_sys"/bus/pci/devices/*; do
    amun_first_line "$amun_device/class"
    case $amun_line in 0x03*) ;; *) continue ;; esac
    amun_bus=${amun_device##*/}
    amun_first_line "$amun_device/vendor"
    amun_vendor_id=$amun_line
    case $amun_vendor_id in
      0x10de) amun_maker=NVIDIA ;;
      0x1002) amun_maker=AMD ;;
      0x8086) amun_maker=Intel ;;
      *) amun_maker='' ;;
    esac
    amun_first_line "$amun_device/device"
    amun_device_id=$amun_line
    amun_read_nvidia "$amun_proc/driver/nvidia/gpus/$amun_bus/information"
    amun_add_gpu
  done
  case $amun_gpus in '') ;; *) return 0 ;; esac
  # The bus may be hidden in a container while the driver is not.
  for amun_device in "$amun_proc"/driver/nvidia/gpus/*; do
    [ -r "$amun_device/information" ] || continue
    amun_bus=${amun_device##*/} amun_vendor_id=0x10de amun_maker=NVIDIA amun_device_id=''
    amun_read_nvidia "$amun_device/information"
    amun_add_gpu
  done
}

# Model and UUID from one "information" file of the NVIDIA driver.
amun_read_nvidia() {
  amun_gpu_model='' amun_gpu_uuid=''
  [ -r "$1" ] || return 0
  while amun_key='' && { IFS=: read -r amun_key amun_value || [ -n "$amun_key" ]; }; do
    amun_trim "$amun_value"
    case $amun_key in
      Model*) amun_gpu_model=$amun_trimmed ;;
      'GPU UUID'*) amun_gpu_uuid=$amun_trimmed ;;
    esac
  done 2>/dev/null <"$1"
}

amun_add_gpu() {
  amun_json_string "$amun_bus"
  amun_gpu="{\"bus\":$amun_json"
  for amun_pair in "vendor_id:$amun_vendor_id" "vendor:$amun_maker" \
    "device_id:$amun_device_id" "model:$amun_gpu_model" "uuid:$amun_gpu_uuid"; do
    amun_json_text "${amun_pair#*:}"
    amun_gpu="$amun_gpu,\"${amun_pair%%:*}\":$amun_json"
  done
  amun_gpus="$amun_gpus${amun_gpus:+,}$amun_gpu}"
}
