#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Makes what run.sh boots: Debian's kernel with a dozen of its modules, systemd's udevd, and the keys
# of QEMU's emulated card. Packages are fetched with apt, in a state of its own, and unpacked; nothing
# is installed and no rights are needed. What is complete already is left as it is.
#
#   prepare.sh          everything goes to $TESSERA_VM; needs certutil
#
# Leaves there
#   vmlinux     the kernel, unpacked (for TCG to unpack it in the guest takes seconds)
#   initrd      busybox, init and the modules
#   root/       udevd and its libraries, laid over the machine's own root in the guest
#   card/       the database of the emulated card; its PIN is 123456
#   stamp       what this was made from
set -eu

: "${TESSERA_VM:?where everything goes}"
here=$(cd "$(dirname "$0")" && pwd)
make_database=$here/../emulator/cac/make-database
# In the order of this list; modprobe adds what they need.
modules='drivers/virtio drivers/char/virtio_console.ko net/9p fs/netfs fs/fscache fs/9p
    fs/overlayfs drivers/usb/common drivers/usb/core drivers/usb/host/xhci-hcd.ko
    drivers/usb/host/xhci-pci.ko drivers/usb/mon drivers/usb/usbip'

fail() {
	echo "prepare.sh: $*" >&2
	exit 1
}

want=$(cat "$0" "$here/guest/init" "$make_database" | cksum)
[ "$(cat "$TESSERA_VM/stamp" 2>/dev/null)" != "$want" ] || exit 0
for tool in apt-get dpkg-deb certutil xz; do
	command -v $tool >/dev/null || fail "$tool is missing"
done
[ "$(dpkg --print-architecture)" = amd64 ] || fail 'the guest is an amd64 machine'

mkdir -p "$TESSERA_VM"
cd "$TESSERA_VM"
TESSERA_VM=$PWD
rm -rf stamp work root initrd.d card
mkdir -p work/lists/partial work/cache/archives/partial work/packages root
work=$TESSERA_VM/work
trap 'rm -rf "$work" "$TESSERA_VM/initrd.d"' EXIT

apt() {
	tool=$1
	shift
	timeout 300 "$tool" -q -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" \
	    -o Debug::NoLocking=1 -o APT::Sandbox::User="$(id -un)" "$@" 2>>"$work/log"
}
echo 'prepare.sh: fetching a kernel for the guest' >&2
apt apt-get update >>work/log || {
	cat work/log >&2
	fail 'no list of packages'
}
kernel=$(apt apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9][^ ]*\).*/\1/p' | head -n 1)
[ -n "$kernel" ] || fail 'apt knows no kernel'
(cd work/packages && apt apt-get download "$kernel" busybox-static udev libudev1 libkmod2 libcap2 >>../log) || {
	cat work/log >&2
	fail 'packages could not be fetched'
}

# Over the machine's own root, where these are links into usr.
for name in udev libudev1 libkmod2 libcap2; do
	dpkg-deb --fsys-tarfile work/packages/"$name"_*.deb | tar -x -C root --no-same-owner \
	    --wildcards --exclude './usr/share/*' --exclude '*/hwdb.d/*' --transform 's,^\./\(bin\|sbin\|lib\)\(/\|$\),./usr/\1\2,'
done
dpkg-deb -x work/packages/busybox-static_*.deb work/busybox
busybox=$work/busybox/bin/busybox
cp "$busybox" root/usr/bin/busybox

# The compressed kernel sits in the boot image, at an offset and with a length that its header tells:
# setup_sects at 0x1f1, payload_offset at 0x248, payload_length at 0x24c. Its last four bytes are the
# unpacked size.
version=${kernel#linux-image-}
dpkg-deb --fsys-tarfile work/packages/"${kernel}"_*.deb >work/kernel.tar
tar -x -O -f work/kernel.tar "./boot/vmlinuz-$version" >work/vmlinuz
number() { od -An "-tu$2" -j "$1" -N "$2" work/vmlinuz | tr -d ' '; }
offset=$((($(number 497 1) + 1) * 512 + $(number 584 4)))
length=$(number 588 4)
tail -c +$((offset + 1)) work/vmlinuz | head -c $((length - 4)) | xz -dc >vmlinux

mkdir -p initrd.d/bin initrd.d/dev initrd.d/mnt initrd.d/proc initrd.d/sys
cp "$busybox" initrd.d/bin/busybox
cp "$here/guest/init" initrd.d/init
chmod 755 initrd.d/init
members=
for module in $modules; do
	members="$members ./lib/modules/$version/kernel/$module"
done
# shellcheck disable=SC2086 # a list
tar -x -f work/kernel.tar -C initrd.d --no-same-owner $members
# modprobe gives no name to what is built in, and looks for that list.
tar -x -f work/kernel.tar -C initrd.d --no-same-owner "./lib/modules/$version/modules.builtin"
"$busybox" depmod -b "$TESSERA_VM/initrd.d" "$version"
(cd initrd.d && find . | LC_ALL=C sort | "$busybox" cpio -o -H newc -R 0:0 2>/dev/null) | gzip -1 >initrd

"$make_database" card cert1 cert2 cert3
chmod -R a+rX card
echo "$want" >stamp
rm -rf work initrd.d
echo "prepare.sh: $kernel, $(du -sh . | cut -f1) in $TESSERA_VM" >&2
