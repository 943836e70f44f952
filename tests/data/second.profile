# SPDX-License-Identifier: BSD-2-Clause
# A card that differs from the built-in one in everything a program can see: what a test prints with
# both cannot have been written down beforehand.

[Reader]
Name=Second Soft Card

[Card]
ATR=3B 86 80 01 53 65 63 6F 6E 64 37

[PIN 01]
Value=87654321
Tries=5

[File 2F00]
ShortId=30
Hex=61 12 4F 08 F0 54 65 73 73 65 72 61 50 06 53 65 63 6F 6E 64

[Directory 5000]
Name=F0 54 65 73 73 65 72 61

[File 5000/5001]
ShortId=1
Size=48
Text=A second card says good day
Update=pin 01

[File 5000/5002]
ShortId=2
Size=48
Text=Another secret
Read=pin 01
Update=pin 01
