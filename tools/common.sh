# shellcheck shell=bash
# Read by the scripts in tools/ and tests/core/: where the checkout is, where its library is, how to speak, how to ask apt.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
export FLOWRESIL_ROOT=$root

# The checkout's own R library; FLOWRESIL_LIBRARY (an absolute path) puts it elsewhere.
library=${FLOWRESIL_LIBRARY:-$root/.r-library}

# Column names, messages and snapshots hold non-ASCII text: without a UTF-8 locale R prints it as escapes.
use_utf8() {
  local have
  [ "$(locale charmap 2>/dev/null || true)" = UTF-8 ] && return 0
  have=$(locale -a 2>/dev/null || true)
  case $'\n'$have$'\n' in
    *$'\nC.utf8\n'* | *$'\nC.UTF-8\n'*) export LC_ALL=C.UTF-8 ;;
    *$'\nen_US.utf8\n'* | *$'\nen_US.UTF-8\n'*) export LC_ALL=en_US.UTF-8 ;;
  esac
}
use_utf8

say() { printf '%s: %s\n' "${command_name:-flowresil}" "$*"; }
die() { printf '%s: %s\n' "${command_name:-flowresil}" "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# R started by a script sees the given library first, then those it would see anyway.
use_library() { export R_LIBS=$1${R_LIBS:+:$R_LIBS}; }

# --- the distribution's packages (Debian, Ubuntu) ---

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_usable() {
  have apt-get && have dpkg-query || return 1
  [ "$(id -u)" -eq 0 ] || { have sudo && sudo -n true >/dev/null 2>&1; }
}

apt_update() {
  say "apt-get update"
  as_root apt-get -q update </dev/null >/dev/null || say "apt-get update failed; going on with the lists as they are"
}

# Whether this machine holds any list of packages (a fresh container does not).
apt_has_lists() {
  # shellcheck disable=SC2016  # the format is apt's, not the shell's
  [ -n "$(apt-get indextargets --format '$(FILENAME)' 'Created-By: Packages' 2>/dev/null)" ]
}

apt_install() {
  [ $# -gt 0 ] || return 0
  local attempt
  apt_has_lists || apt_update
  for attempt in 1 2; do
    say "apt-get install $*"
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
      -o DPkg::Lock::Timeout=600 install "$@" </dev/null >"${TMPDIR:-/tmp}/flowresil-apt.$$" 2>&1; then
      rm -f "${TMPDIR:-/tmp}/flowresil-apt.$$"
      return 0
    fi
    # The lists may be older than what the mirror still holds.
    [ "$attempt" -eq 2 ] || apt_update
  done
  tail -n 20 "${TMPDIR:-/tmp}/flowresil-apt.$$" >&2
  rm -f "${TMPDIR:-/tmp}/flowresil-apt.$$"
  return 1
}

# --- the core without R ---

# The folder that holds Eigen/: EIGEN_INCLUDE, the R package RcppEigen's, or the system's.
find_eigen() {
  local folder
  for folder in "${EIGEN_INCLUDE:-}" \
    "$(R_LIBS="$library${R_LIBS:+:$R_LIBS}" Rscript -e 'cat(system.file("include", package = "RcppEigen"))' 2>/dev/null || true)" \
    /usr/include/eigen3 /usr/local/include/eigen3; do
    if [ -n "$folder" ] && [ -f "$folder/Eigen/Core" ]; then
      printf '%s\n' "$folder"
      return 0
    fi
  done
  return 1
}
