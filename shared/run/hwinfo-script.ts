import json from './json.sh';
import preamble from './preamble.sh';
import cpuType from './hwinfo/cpu-type.sh';
import gpu from './hwinfo/gpu.sh';
import machine from './hwinfo/machine.sh';
import main from './hwinfo/main.sh';

/** The init step of every run, as one POSIX shell script. */
export const HWINFO_SCRIPT = [preamble, json, machine, cpuType, gpu, main].join('\n');
