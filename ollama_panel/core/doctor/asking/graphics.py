"""The script that asks for graphics cards: the drivers' own programs, the files of the kernel, macOS' `ioreg`."""

GRAPHICS = r"""
if command -v nvidia-smi >/dev/null; then
    limit 8 nvidia-smi -q -d MEMORY,UTILIZATION,TEMPERATURE,POWER,CLOCK,PERFORMANCE 2>&1 | say nvidia
    limit 8 nvidia-smi -L 2>&1 | say nvidia_names
fi
for module in nvidia amdgpu xe i915; do
    if [ -r "/sys/module/$module/version" ]; then cat "/sys/module/$module/version"
    elif [ -d "/sys/module/$module" ] && [ $module != i915 ]; then uname -r
    else continue
    fi | say driver $module
done
if [ -r /opt/rocm/.info/version ]; then say driver rocm </opt/rocm/.info/version; fi
for card in /sys/class/drm/card[0-9] /sys/class/drm/card[0-9][0-9]; do
    cd "$card" 2>/dev/null || continue
    case $(cat device/vendor 2>/dev/null) in
    0x1002|0x8086) ;;
    *) continue ;;
    esac
    address=$(readlink -f device)
    files='device/vendor device/device device/revision device/product_name device/mem_info_*
        device/power/runtime_status'
    if [ "$(cat device/power/runtime_status 2>/dev/null)" != suspended ]; then
        files="$files device/gpu_busy_percent device/pp_dpm_sclk device/pp_dpm_mclk device/hwmon/hwmon*/name
            device/hwmon/hwmon*/temp*_* device/hwmon/hwmon*/power1_* device/hwmon/hwmon*/freq*_*
            gt/gt0/rps_act_freq_mhz gt/gt0/throttle_reason_* device/tile0/gt0/freq0/act_freq
            device/tile0/gt0/freq0/throttle/*"
    fi
    grep -H . $files 2>/dev/null | say card "${card##*/}" "${address##*/}"
    chip=$(cat device/device 2>/dev/null)
    grep -i "^${chip#0x}," /usr/share/libdrm/amdgpu.ids 2>/dev/null | say names
done
if [ "$(uname -s)" = Darwin ]; then
    limit 4 ioreg -a -r -d 1 -c IOAccelerator 2>/dev/null | say ioreg
    sysctl -n iogpu.wired_limit_mb 2>/dev/null | say wired
fi
"""
"""Reading most files of a card wakes it, so of one that sleeps only the memory is read."""
