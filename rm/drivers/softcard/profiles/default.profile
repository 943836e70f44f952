# SPDX-License-Identifier: BSD-2-Clause
# The card that the softcard driver has without settings. README.md says what each line means.

[Reader]
Name=Tessera Soft Card
Readers=1
Present=true

# Direct convention, T=0 and T=1. Historical bytes: compact TLV; card service data (E8: selection by
# full and partial name, EF.DIR, with MF), card capabilities (F4 21 40: selection by name, path,
# identifier and short identifier; byte access; extended length), issuer's data "Tessera".
[Card]
ATR=3B 8F 80 01 80 31 E8 73 F4 21 40 57 54 65 73 73 65 72 61 A1

[PIN 01]
Value=1234
Tries=3

# EF.DIR: one application template, with identifier and label.
[File 2F00]
ShortId=30
Hex=61 13 4F 08 F0 54 65 73 73 65 72 61 50 07 54 65 73 73 65 72 61
Read=always
Update=never

# F0 begins a proprietary, unregistered identifier; "Tessera" follows.
[Directory 5000]
Name=F0 54 65 73 73 65 72 61

[File 5000/5001]
ShortId=1
Size=64
Text=Hello from Tessera's soft card
Read=always
Update=pin 01

[File 5000/5002]
ShortId=2
Size=64
Text=Only after the PIN
Read=pin 01
Update=pin 01
