#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What is made of the list of quirks says the same as the list: the udev rule, and the models of the
# bundle. And the bundle is what a manager expects of one, without anything of the runtime.
set -u

rule=$TESSERA_BUILD/gen/92-tessera-ccid.rules
bundle=$TESSERA_LIB/tessera/pcsc/ifd-tessera.bundle/Contents
quirks=$TESSERA_SRC/ccid/ccid.quirks

number=0 failed=0
report() { # RESULT NAME FILE
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - ccid_lists: $2"
	else
		echo "not ok $number - ccid_lists: $2"
		sed 's/^/# /' "$3"
		failed=1
	fi
}
equal() { # NAME, and two files
	diff "$2" "$3" >different
	report "$?" "$1" different
}

# By another reader of key files than the one that made the rule.
models() { # KEY
	python3 - "$quirks" "$1" <<-'PYTHON'
		import configparser, re, sys
		keys = configparser.ConfigParser(interpolation=None, delimiters="=", comment_prefixes="#")
		keys.optionxform = str
		keys.read(sys.argv[1])
		found = {name[:9].lower() for name in keys.sections()
		         if re.match(r"[0-9A-F]{4}:[0-9A-F]{4}", name)
		         and (sys.argv[2] == "" or keys[name].get(sys.argv[2]) == "true")}
		print("\n".join(sorted(found)))
	PYTHON
}
ruled() { # WHAT stands behind a model
	sed -n "s/^ATTR{idVendor}==\"\(....\)\", ATTR{idProduct}==\"\(....\)\", $1\$/\1:\2/p" "$rule" | sort
}

models VendorClass >expected
ruled 'ENV{TESSERA_READER}="1"' >found
[ "$(wc -l <expected)" -gt 10 ] || echo "too few" >>expected
equal "readers of class FF in the udev rule" expected found
models NoAutosuspend >expected
ruled 'GOTO="tessera_ccid_end"' >found
[ "$(wc -l <expected)" -gt 1 ] || echo "too few" >>expected
equal "readers that may not sleep in the udev rule" expected found
grep -c '^ATTR' "$rule" >found
{ models VendorClass; models NoAutosuspend; } | wc -l >expected
equal "no other model in the udev rule" expected found
! grep -n '@' "$rule" >found && grep -qx 'MODE="0660", GROUP="scardd"' "$rule"
report "$?" "the udev rule is complete" "$rule"

python3 - "$bundle/Info.plist" >plist 2>errors <<'E2'
import plistlib, sys
with open(sys.argv[1], "rb") as file:
    plist = plistlib.load(file)
vendors, products, names = (plist[key] for key in ("ifdVendorID", "ifdProductID", "ifdFriendlyName"))
assert plist["CFBundleExecutable"] == "libtessera-ccid.so" and plist["ifdDriverOptions"] == "0x0000"
assert len(vendors) == len(products) == len(names) == len(set(zip(vendors, products)))
assert len(set(names)) == len(names) and all(0 < len(name) < 100 for name in names)
for vendor, product in zip(vendors, products):
    print(f"{int(vendor, 16):04x}:{int(product, 16):04x}")
E2
report "$?" "Info.plist" errors
sort plist >listed
models "" | comm -23 - listed >missing
[ ! -s missing ]
report "$?" "every model with quirks is one of the bundle's" missing
grep -qx '08e6:4433' listed
report "$?" "QEMU's reader is one of the bundle's" listed

library=$bundle/Linux/libtessera-ccid.so
{
	printf '%s\n' IFDHCloseChannel IFDHControl IFDHCreateChannel IFDHCreateChannelByName IFDHGetCapabilities \
	    IFDHICCPresence IFDHPowerICC IFDHSetCapabilities IFDHSetProtocolParameters IFDHTransmitToICC
} >expected
nm -D --defined-only "$library" | awk '{ print $3 }' | grep -v '^__odr\|^__asan\|^_init$\|^_fini$' | sort >found
equal "what the bundle exports" expected found
nm -D --undefined-only "$library" | grep -i ' [Uw] *\(log_\|.*tessera\)' | awk '{ print $1, $2 }' >found
echo 'w log_msg' >expected
equal "it needs nothing of its manager" expected found
readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(lib[a-z0-9-]*\).*/\1/p' |
    grep -v '^lib\([a-z]*san\|gcc_s\|m\|rt\|dl\|pthread\|resolv\|stdc\)' | sort >found
printf '%s\n' libc libglib-2 libusb-1 >expected
equal "it links GLib and libusb only" expected found

echo "1..$number"
exit "$failed"
