# SPDX-License-Identifier: BSD-2-Clause
# The udev rule from its frame and the quirks: a line @KEY@ becomes a line for each model whose group
# says KEY=true, with what stands behind it on that line.
#	awk -v group=scardd -f udev.awk ccid.quirks 92-tessera-ccid.rules.in
FNR == NR && /^\[/ {
	model = substr($0, 2, 9)
}
FNR == NR && /=true$/ {
	key = substr($0, 1, length($0) - 5)
	if (model ~ /^[0-9A-F]+:[0-9A-F]+$/ && !((key, model) in seen)) {
		seen[key, model]
		models[key] = models[key] " " tolower(model)
	}
}
FNR == NR { next }
/^@[A-Za-z]+@ / {
	key = substr($1, 2, length($1) - 2)
	count = split(models[key], list, " ")
	for (i = 1; i <= count; i++)
		print "ATTR{idVendor}==\"" substr(list[i], 1, 4) "\", ATTR{idProduct}==\"" substr(list[i], 6, 4) "\", " \
		    substr($0, length($1) + 2)
	next
}
{
	sub(/@GROUP@/, group)
	print
}
