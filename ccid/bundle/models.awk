# SPDX-License-Identifier: BSD-2-Clause
# Info.plist from its frame: a line @KEY@ becomes an array with one string a model.
#	awk -f models.awk models Info.plist.in
function escaped(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	return text
}
FNR == NR && /^[0-9A-F]/ {
	count++
	vendor[count] = "0x" substr($1, 1, 4)
	product[count] = "0x" substr($1, 6, 4)
	name[count] = escaped(substr($0, 11))
}
FNR == NR { next }
$1 == "@ifdVendorID@" || $1 == "@ifdProductID@" || $1 == "@ifdFriendlyName@" {
	key = substr($1, 2, length($1) - 2)
	print "\t<key>" key "</key>\n\t<array>"
	for (i = 1; i <= count; i++)
		print "\t\t<string>" (key == "ifdVendorID" ? vendor[i] : key == "ifdProductID" ? product[i] : name[i]) \
		    "</string>"
	print "\t</array>"
	next
}
{ print }
