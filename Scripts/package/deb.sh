#!/bin/sh
# Makes a Debian package of the program that 'make build' left: Scripts/package/deb.sh FOLDER
set -eu
cd "$(dirname "$0")/../.."
[ $# -eq 1 ] || { echo "usage: Scripts/package/deb.sh FOLDER" >&2; exit 64; }
command -v dpkg-shlibdeps >/dev/null || { echo "This needs dpkg-shlibdeps: apt install dpkg-dev" >&2; exit 69; }

folder=$1
version=$(.build/release/flexvlm version | cut -d' ' -f2)
architecture=$(dpkg --print-architecture)
root=$folder/root
rm -rf "$root"
make --no-print-directory install PREFIX=/usr DESTDIR="$root"
mkdir -p "$root/usr/share/zsh/vendor-completions" "$root/usr/share/doc/flexvlm" "$root/DEBIAN"
mv "$root/usr/share/zsh/site-functions/_flexvlm" "$root/usr/share/zsh/vendor-completions/"
rmdir "$root/usr/share/zsh/site-functions"
cp Scripts/package/copyright "$root/usr/share/doc/flexvlm/copyright"

# Which packages hold the libraries that the program is linked to; dpkg-shlibdeps asks for a source
# package's control file.
mkdir -p "$folder/debian"
printf 'Source: flexvlm\n\nPackage: flexvlm\nArchitecture: any\n' >"$folder/debian/control"
depends=$(cd "$folder" && dpkg-shlibdeps -O root/usr/bin/flexvlm 2>/dev/null | sed -n 's/^shlibs:Depends=//p')

cat >"$root/DEBIAN/control" <<EOF
Package: flexvlm
Version: $version
Architecture: $architecture
Maintainer: the flexvlm authors <flexvlm@example.org>
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Depends: $depends
Section: science
Priority: optional
Description: questions about high-resolution images, answered on ordinary CPUs
 flexvlm runs vision-language models of the LLaVA-1.5 and FlexAttention families,
 offline and without Python: an image is seen twice, small as a whole, and at
 high resolution only where the model's own attention says that it matters.
 .
 A small model is included.
EOF
dpkg-deb --root-owner-group --build "$root" "$folder/flexvlm_${version}_$architecture.deb"
