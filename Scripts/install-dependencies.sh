#!/bin/sh
# Checks for Swift and installs the system libraries that are missing (Debian, Ubuntu); with the
# argument 'serve' also those that the server alone needs.
set -eu

if ! command -v swift >/dev/null 2>&1; then
  echo "flexvlm needs Swift 6.2 or later, and there is no 'swift' on the PATH." >&2
  echo "Install it from https://www.swift.org/install and run this again." >&2
  exit 69
fi
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
case "$version" in
  6.[0-1] | [0-5].*)
    echo "flexvlm needs Swift 6.2 or later; this is Swift $version." >&2
    echo "Install a newer one from https://www.swift.org/install and run this again." >&2
    exit 69
    ;;
esac

missing=
need() { # package, file that it brings or pkg-config module
  case "$2" in
    /*) [ -e "$2" ] ;;
    *) pkg-config --exists "$2" 2>/dev/null ;;
  esac || missing="$missing $1"
}
command -v pkg-config >/dev/null 2>&1 || missing=" pkg-config"
need libopenblas-dev openblas
need liblapacke-dev /usr/include/lapacke.h
need libpng-dev libpng
need libjpeg-dev libjpeg
need libwebp-dev libwebp
need libtiff-dev libtiff-4
need libedit-dev libedit
[ "${1:-}" != serve ] || need libcurl4-openssl-dev libcurl
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "These packages are missing (Debian's names):$missing" >&2
  echo "Install them with this system's package manager and run this again." >&2
  exit 69
fi
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
echo "Installing:$missing" >&2
$sudo apt-get update -qq >&2
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >&2
