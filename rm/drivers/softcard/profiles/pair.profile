# SPDX-License-Identifier: BSD-2-Clause
# Two readers, each with a card of its own, to try what needs more than one. Smaller than the default.

[Reader]
Name=Tessera Soft Card
Readers=2

[Card]
ATR=3B 84 80 01 50 61 69 72 2F

[PIN 01]
Value=1234
Tries=3

[File 2F00]
Hex=61 13 4F 08 F0 54 65 73 73 65 72 61 50 07 54 65 73 73 65 72 61

[Directory 5000]
Name=F0 54 65 73 73 65 72 61

[File 5000/5001]
Size=64
Text=One of a pair
Update=pin 01
