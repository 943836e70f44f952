# SPDX-License-Identifier: BSD-2-Clause
# A reader whose name has characters of two, three and four bytes.
[Reader]
Name=Lesegerät € 💳

[Card]
ATR=3B 84 80 01 50 61 69 72 2F

[PIN 01]
Value=1234
Tries=3
