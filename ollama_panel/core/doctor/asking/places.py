"""The script that finds what may be a configuration source: the usual places, service managers, container runtimes."""

from ollama_panel.core.ollama.environment_kinds import PREFIXES
from ollama_panel.core.ollama.environment_table import NEVER_EXISTED, VARIABLES

PROPERTIES = (
    "Id,LoadState,ActiveState,SubState,Result,UnitFileState,FragmentPath,SourcePath,DropInPaths,EnvironmentFiles,"
    "NeedDaemonReload,MainPID,NRestarts,ActiveEnterTimestampMonotonic"
)
"""What systemd is asked of each unit."""

_OTHERS = ("(CUDA|HIP|ROCR|GGML_VK)_VISIBLE_DEVICES", "HSA_OVERRIDE_GFX_VERSION", "ollama serve", "ollama/ollama")
_NAMES = "|".join((*PREFIXES, *_OTHERS))

_START = r"""
uname -s | say system
printf '%s' "$HOME" | say home
found() { # found KIND PATTERN FILE...: the files that have it
    kind=$1; shift
    grep -lisE -e "$@" 2>/dev/null | say paths "$kind"
}
list() { limit 4 "$@" ps --all --no-trunc --format '{{.ID}} {{.Image}} {{.Names}} {{.Command}}'; }
inspect() { # inspect PROGRAM: what a runtime tells of the containers that are about Ollama
    command -v "$1" >/dev/null || return 0
    listed=$(list "$1" 2>&1)
    case $?:$listed in
    0:*) run= ;;
    *ermission\ denied*)
        if [ -z "$as" ]; then printf '%s\n' "$listed" | say unseen "$1"; return 0; fi
        run=$as
        listed=$(list $run "$1" 2>/dev/null) ;;
    *daemon\ running*) return 0 ;;
    *) printf '%s\n' "$listed" | say unseen "$1"; return 0 ;;
    esac
    ids=$(printf '%s\n' "$listed" | grep -i ollama | sed 's/ .*//')
    if [ "$ids" ]; then limit 5 $run "$1" inspect $ids 2>/dev/null | say inspect "$1"; fi
}
"""
"""A daemon that hangs costs its limit; podman tells each user of their own containers only."""

_PROFILES = r"""
found shell "$names" /etc/profile /etc/profile.d/*.sh /etc/bash.bashrc /etc/bashrc /etc/zshrc /etc/zprofile \
    /etc/zshenv /etc/zsh/z* ~/.profile ~/.bash_profile ~/.bash_login ~/.bashrc ~/.zshenv ~/.zprofile ~/.zshrc \
    ~/.zlogin ~/*.sh ~/bin/*.sh ~/.local/bin/*.sh ~/scripts/*.sh /usr/local/bin/*.sh /etc/conf.d/ollama*
found fish "$names" ~/.config/fish/config.fish ~/.config/fish/conf.d/*.fish \
    ~/.config/fish/fish_variables /etc/fish/config.fish /etc/fish/conf.d/*.fish
for folder in ~ ~/* ~/docker/* ~/stacks/* /opt/* /opt/stacks/* /srv/* /srv/*/*; do
    for name in compose.yaml compose.yml docker-compose.yml docker-compose.yaml; do
        if [ -f "$folder/$name" ]; then grep -lis ollama "$folder/$name"; break; fi
    done
done | say paths compose
found ollama_file . ~/.ollama/server.json /usr/share/ollama/.ollama/server.json /var/lib/ollama/.ollama/server.json
inspect docker
inspect podman
"""

_LINUX = r"""
servers=$(grep -ls ollama /proc/[0-9]*/cmdline 2>/dev/null | sed 's|cmdline$|cgroup|')
units() { # units MANAGER OPTION PATTERN FOLDER...: what systemd says of those that are about Ollama, and their files
    manager=$1; option=$2; of_processes=$3; shift 3
    command -v systemctl >/dev/null || option=none
    files=$(
        for folder; do
            case $folder in (/lib/*) if [ -L /lib ]; then continue; fi ;; esac
            grep -lis ollama "$folder"/*.service "$folder"/*.service.d/*.conf 2>/dev/null
        done
    )
    printf '%s\n' "$files" | say paths "$manager"
    if [ "$option" = none ]; then return 0; fi
    listed=$(
        limit 4 systemctl $option list-units --all --plain --no-legend --no-pager --type=service '*ollama*' 2>&1
    ) || {
        case $manager:$files:$listed in
        system:*booted*|user::*) ;;
        *) printf '%s\n' "$listed" | say unseen "$manager" ;;
        esac
        return 0
    }
    all=$(
        {
            printf '%s\n' "$listed" | sed 's/^[^a-zA-Z0-9]*//; s/ .*//'
            printf '%s\n' "$files" | sed 's|\.service\.d/[^/]*$|.service|; s|.*/||'
            [ "$servers" ] && cat $servers 2>/dev/null | sed -n "$of_processes"
        } | grep '\.service$' | grep -v '@\.service$' | sort -u
    )
    if [ "$all" ]; then
        limit 5 systemctl $option show --no-pager --property="$properties" -- $all 2>/dev/null | say units "$manager"
    fi
}
units system '' '/user@/d; s|.*/||p' \
    /etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system
units user --user '/user@/s|.*/||p' ~/.config/systemd/user /etc/systemd/user ~/.local/share/systemd/user \
    /usr/local/lib/systemd/user /usr/lib/systemd/user
for folder in /etc/containers/systemd /usr/share/containers/systemd ~/.config/containers/systemd; do
    for each in "$folder" "$folder"/*/; do
        grep -lis ollama "${each%/}"/*.container "${each%/}"/*.container.d/*.conf 2>/dev/null
    done
done | sort -u | say paths quadlet
found environment_file "$names" /etc/environment /etc/environment.d/*.conf ~/.config/environment.d/*.conf \
    ~/.pam_environment /etc/default/ollama* /etc/sysconfig/ollama* /etc/ollama/*.env
found nix ollama /etc/nixos/*.nix /etc/nixos/*/*.nix ~/.config/home-manager/*.nix
found unraid ollama /boot/config/plugins/dockerMan/templates-user/*.xml
if command -v midclt >/dev/null; then
    limit 5 $as midclt call app.config ollama 2>/dev/null | say text truenas 'midclt call app.config ollama'
fi
"""
"""`/lib` is a link to `/usr/lib` on most systems, and would tell everything twice."""

_MAC = r"""
found launch_agent ollama ~/Library/LaunchAgents/*.plist /Library/LaunchAgents/*.plist /Library/LaunchDaemons/*.plist
found environment_file "$names" ~/.homebrew/services/ollama.env
db=~/'Library/Application Support/Ollama/db.sqlite'
if [ -r "$db" ]; then
    limit 3 sqlite3 -readonly -line "$db" 'select * from settings' 2>/dev/null | say text app "$db"
fi
for name in $variables; do
    value=$(launchctl getenv "$name" 2>/dev/null)
    if [ "$value" ]; then printf '%s=%s\n' "$name" "$value"; fi
done | say session
"""
"""`launchctl getenv` tells one variable that `launchctl setenv` has set (launchctl(1))."""

_SESSION = " ".join(name for name in (*VARIABLES, *NEVER_EXISTED) if name.startswith(PREFIXES))
FIND = (
    f"names='{_NAMES}'\nproperties={PROPERTIES}\nvariables='{_SESSION}'"
    + _START
    + _PROFILES
    + f'if [ "$(uname -s)" = Darwin ]; then :{_MAC}else :{_LINUX}fi\n'
)
"""Prints blocks: `paths KIND`, `units MANAGER` as `systemctl show` prints them, `inspect RUNTIME`, `session`."""
